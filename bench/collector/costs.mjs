// What the parts of taking a batch in cost one process, in microseconds of its processor time; told to the parent process.
import Database from 'libsql';
import { parseEnvelope } from '../../collector/dist/ingest/parse-envelope.js';
import { recordTexts } from '../../collector/dist/ingest/record-texts.js';
import { openSqliteStore } from '../../collector/dist/stores/sqlite/open-sqlite-store.js';
import { createRequests } from './batches.mjs';

const ROUNDS = 30;
/** The first rounds are for the compiler. */
const WARM_UP = 10;
const GROUPS = 4;
/** As many as the connections of `load` make one transaction of. */
const BATCHES_PER_GROUP = 120;

const spentUs = new Map();
let isLooking = false;
const clockUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** What a look at the clock adds to each call that is measured. */
const LOOK_US = (() => {
  let sum = 0;
  for (let index = 0; index < 200_000; index += 1) {
    const startedAt = clockUs();
    const us = clockUs() - startedAt;
    if (index >= 100_000) sum += us;
  }
  return sum / 100_000;
})();

function measured(name, work) {
  return (...values) => {
    if (!isLooking) return work(...values);
    const startedAt = clockUs();
    const result = work(...values);
    spentUs.set(name, (spentUs.get(name) ?? 0) + clockUs() - startedAt - LOOK_US);
    return result;
  };
}

const { exec, prepare } = Database.prototype;
Database.prototype.exec = function (sql) {
  return measured('transaction', exec.bind(this))(sql);
};
Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  const table = /(?:INTO|FROM|UPDATE) (\w+)/.exec(sql)?.[1] ?? 'other';
  for (const method of ['run', 'get', 'all']) statement[method] = measured(table, statement[method].bind(statement));
  return statement;
};

process.once('message', async ({ sdk, counts }) => {
  const next = createRequests(sdk, counts);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const store = openSqliteStore(process.argv[2]);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bodies = Array.from({ length: GROUPS * BATCHES_PER_GROUP }, () => {
      const request = next();
      return request.subarray(request.indexOf('\r\n\r\n') + 4);
    });
    const part = (work) => {
      const startedAt = clockUs();
      const results = bodies.map(work);
      return [(clockUs() - startedAt) / bodies.length, results];
    };
    const [decode, texts] = part((body) => decoder.decode(body));
    const [json] = part((_, index) => JSON.parse(texts[index]));
    const [slices] = part((_, index) => recordTexts(texts[index]));
    const [envelopes, parsed] = part((_, index) => parseEnvelope(texts[index], Date.now()));
    spentUs.clear();
    let writeUs = 0;
    for (let group = 0; group < GROUPS; group += 1) {
      const from = group * BATCHES_PER_GROUP;
      const batches = parsed.slice(from, from + BATCHES_PER_GROUP).map(({ batch }) => batch);
      // Looking has its own price: every other group is measured as a whole.
      isLooking = group % 2 === 0;
      const startedAt = clockUs();
      await store.write(batches);
      if (!isLooking) writeUs += clockUs() - startedAt;
      // Only between turns of the event loop libsql gives back what answers took.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const perBatch = (us) => us / (bodies.length / 2);
    const of = (...tables) => perBatch(tables.reduce((sum, table) => sum + (spentUs.get(table) ?? 0), 0));
    rounds.push({
      decode,
      json,
      slices,
      validate: envelopes - json - slices,
      sessions: of('sessions'),
      incidents: of('incidents'),
      clients: of('clients'),
      rollups: of('session_rollups', 'incident_rollups', 'incident_returns'),
      transaction: of('transaction'),
      write: perBatch(writeUs),
    });
  }
  const medians = Object.fromEntries(
    Object.keys(rounds[0]).map((name) => {
      const values = rounds.slice(WARM_UP).map((round) => round[name]);
      return [name, values.sort((a, b) => a - b)[values.length >> 1]];
    }),
  );
  await store.close();
  process.send(medians);
});
process.send({ port: 0 });
