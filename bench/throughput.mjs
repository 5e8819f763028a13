// What wrapping costs in messages per second: the same client, echoed by a server in a process of its own, with and without the SDK in
// turns. Only ratios of neighbouring runs are told: the absolute rate says more about the machine than about us.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeResult } from './write-result.mjs';

const PAIRS = Number(process.env.PAIRS ?? 15);
const runClient = promisify(execFile);
const file = (name) => fileURLToPath(new URL(name, import.meta.url));

const server = fork(file('./echo-server.mjs'));
const [{ port }] = await once(server, 'message');

const results = [];
for (const transport of ['websocket', 'polling']) {
  const pairs = [];
  for (let index = 0; index < PAIRS; index++) {
    // Each pair begins with the other one, so that a drift of the machine favours neither.
    const order = index % 2 === 0 ? ['plain', 'wrapped'] : ['wrapped', 'plain'];
    const pair = {};
    for (const mode of order) pair[mode] = await messagesPerSecond(transport, mode);
    pairs.push({ ...pair, ratio: pair.wrapped / pair.plain });
  }
  results.push({ transport, pairs, ...quartiles(pairs.map(({ ratio }) => ratio)) });
}
server.kill();

const percent = (ratio) => `${(ratio * 100).toFixed(1)} %`;
writeResult('throughput', { node: process.version, pairs: PAIRS, results }, [
  `Messages echoed per second with the SDK, as a share of without it: ${PAIRS} pairs of alternating runs on Node ${process.version}, each run a process of its own.`,
  '',
  '| Transport | Median | Middle half of the pairs |',
  '|---|--:|--:|',
  ...results.map(
    ({ transport, q1, median, q3 }) => `| ${transport} | ${percent(median)} | ${percent(q1)} to ${percent(q3)} |`,
  ),
]);

async function messagesPerSecond(transport, mode) {
  const { stdout } = await runClient(process.execPath, [file('./echo-client.mjs'), String(port), transport, mode], {
    timeout: 20_000,
  });
  return Number(stdout);
}

function quartiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  return { q1: at(0.25), median: at(0.5), q3: at(0.75) };
}
