// What becomes of an incident when the collector fails: each peer through each fault, in Chromium and, where it runs there, in Node.
// `node bench/delivery.mjs --row refused-5 --peer faro --place chromium` runs a part and keeps no result; so does `--row cost`. With `--keep`
// what was measured replaces its cells in the kept result.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeProfile, startChromium } from './delivery/chromium.mjs';
import { measureCost } from './delivery/cost.mjs';
import { startPageServer } from './delivery/page-server.mjs';
import { peers, versionOf } from './delivery/peers.mjs';
import { rows, untroubled } from './delivery/rows.mjs';
import { runRow } from './delivery/run-row.mjs';
import { describeCell, tableOf } from './delivery/table.mjs';
import { writeResult } from './write-result.mjs';

const { values: only } = parseArgs({
  options: {
    row: { type: 'string' },
    peer: { type: 'string' },
    place: { type: 'string' },
    parallel: { type: 'string' },
    keep: { type: 'boolean' },
  },
});
const fits = (word, wanted) => wanted === undefined || word.toLowerCase().includes(wanted.toLowerCase());

const jobs = rows
  .filter(({ id }) => fits(id, only.row))
  .flatMap((row) =>
    row.places
      .filter((place) => fits(place, only.place))
      .flatMap((place) =>
        peers.filter((peer) => peer.carrier[place] && fits(peer.name, only.peer)).map((peer) => ({ row, place, peer })),
      ),
  );

const pages = await startPageServer();
const profile = makeProfile();
const shared = await startChromium(profile);
const results = [];
// Most of the time everyone waits: many at once, but those that pass time by steps keep the processor busy.
const busy = jobs.filter(({ row }) => row.virtual);
const idle = jobs.filter(({ row }) => !row.virtual);
await Promise.all([pool(idle, Number(only.parallel ?? 10)), pool(busy, 1)]);
const isCostWanted = only.row === undefined || only.row === 'cost';
const cost = isCostWanted
  ? await measureCost({
      browser: shared.browser,
      pages,
      peers: peers.filter(({ carrier, name }) => carrier.chromium && (fits(name, only.peer) || name === peers[0].name)),
      incident: (await runRow(untroubled, peers[0], 'chromium', { shared, pages })).incident,
    })
  : [];
for (const result of results) delete result.incident;
await shared.kill();
profile.remove();
pages.close();

const order = ({ row, place, peer }) =>
  rows.findIndex(({ id }) => id === row) * 100 +
  (place === 'node' ? 50 : 0) +
  peers.findIndex(({ name }) => name === peer);
results.sort((a, b) => order(a) - order(b));
const versions = Object.fromEntries(
  ['chromium', 'node'].map((place) => [
    place,
    Object.fromEntries(
      peers.filter(({ carrier }) => carrier[place]).map((peer) => [peer.name, versionOf(peer, place)]),
    ),
  ]),
);
const browser = await browserVersion();
const isPart = only.row !== undefined || only.peer !== undefined || only.place !== undefined;
const whole = isPart && only.keep ? mergedWithKept() : { results, cost };
const lines = tableOf({ ...whole, rows, peers, versions, node: process.version, browser });
if (isPart && !only.keep) console.log(`\n${lines.join('\n')}`);
else writeResult('delivery', { node: process.version, browser, versions, ...whole }, lines);
const ours = results.filter(
  ({ peer, error, once, incidents, otherRecordsLost }) =>
    peer === 'socket.io-diagnostics' && (error || once < incidents || otherRecordsLost.length > 0),
);
if (ours.length > 0) {
  console.error(`\nNot stored exactly once: ${ours.map(({ row, place }) => `${row} in ${place}`).join(', ')}`);
  process.exitCode = 1;
}
process.exit();

function mergedWithKept() {
  const kept = JSON.parse(readFileSync(new URL('./results/delivery.json', import.meta.url), 'utf8'));
  const isNew = (old) =>
    results.some(({ row, place, peer }) => row === old.row && place === old.place && peer === old.peer);
  const all = [...kept.results.filter((old) => !isNew(old)), ...results].sort((a, b) => order(a) - order(b));
  return { results: all, cost: cost.length > 0 ? cost : kept.cost };
}

async function browserVersion() {
  return shared.browser.version();
}

async function pool(todo, width) {
  const queue = [...todo];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let job = queue.shift(); job; job = queue.shift()) {
        const startedAt = Date.now();
        const named = { row: job.row.id, place: job.place, peer: job.peer.name };
        const result = await runRow(job.row, job.peer, job.place, { shared, pages }).then(
          (told) => ({ ...named, ...told }),
          (error) => ({ ...named, error: String(error), otherRecordsLost: [] }),
        );
        results.push(result);
        const took = `${Math.round((Date.now() - startedAt) / 1000)} s`;
        console.log(`${job.row.id}, ${job.place}, ${job.peer.name}: ${describeCell(result)} (${took})`);
      }
    }),
  );
}
