import { openStore } from '../../src/stores/open-store.js';
import { startClickHouse } from './start-clickhouse.js';

// `npm run test:clickhouse -- --measure 1000000`: how long each question takes on so many incidents and sessions of thirty days.
const rows = Number(process.argv[2] ?? 1_000_000);
const DAY_MS = 86_400_000;
const RUNS = 3;

const clickHouse = await startClickHouse();
try {
  const place = await clickHouse.newStore();
  const database = place.split('/').at(-1) as string;
  const store = await openStore(place);
  const now = Date.now();
  const begin = now - 30 * DAY_MS;
  const id = (of: string, seed: string) => `toString(reinterpretAsUUID(MD5(concat(toString(${of}), '${seed}'))))`;
  // One incident in ten came in two revisions; one device in a hundred has a clock that is off by up to ten days.
  const columns = (from: number, count: number) => `
    toInt64(${begin} + number * ${(30 * DAY_MS) / rows}) AS at,
    at + if(number % 100 = 0, toInt64(cityHash64(number) % 1728000000) - 864000000, 0) AS happened,
    concat('app', toString(cityHash64(number, 1) % 5)) AS app, concat('r', toString(intDiv(number, ${rows / 20}))) AS release,
    'production' AS environment, ${id('cityHash64(number, 2) % 700000', 'session')} AS client_session_id,
    ['chromium', 'gecko', 'webkit'][1 + cityHash64(number, 3) % 3] AS engine, toString(120 + cityHash64(number, 4) % 12) AS engine_version,
    ['wifi', '4g', ''][1 + cityHash64(number, 5) % 3] AS network_type, least(happened + 2000, ${now}) AS received_at_ms,
    '{}' AS context, repeat(toString(cityHash64(number, 6)), 50) AS record FROM numbers(${from}, ${count})`;
  const names =
    'at, happened, app, release, environment, client_session_id, engine, engine_version, network_type, received_at_ms, context, record';
  const target = names.replace('at, happened', 'sort_ms');
  const startedAt = performance.now();
  const STEP = 50_000;
  for (let from = 0; from < rows; from += STEP) {
    for (const [revision, count] of [
      [1, STEP],
      [2, STEP / 10],
    ]) {
      await clickHouse.sql(
        `INSERT INTO incidents (id, revision, status, code, title, certainty, transport, host, opened_at_ms, search, ${target})
          SELECT ${id('number', 'incident')}, ${revision}, '${revision === 2 ? 'resolved' : 'open'}', concat('code', toString(cityHash64(number, 7) % 40)) AS code, code, 'confirmed', 'polling', 'api.example.com', happened, concat(code, app), ${names.replace('at, happened', 'at')} FROM (SELECT number, ${columns(from, count as number)})`,
        database,
      );
    }
    await clickHouse.sql(
      `INSERT INTO sessions (id, revision, started_at_ms, connected, time_to_connect_ms, time_to_upgrade_ms, upgrade_wanted, weight, ${target})
        SELECT ${id('number', 'session record')}, 1, happened, number % 20 != 0, if(connected, 40 + cityHash64(number, 8) % 3000, NULL), if(number % 3 = 0, NULL, 90), 1, 1 + number % 10, ${names.replace('at, happened', 'at')} FROM (SELECT number, number % 20 != 0 AS connected, ${columns(from, STEP)})`,
      database,
    );
  }
  const filledMs = performance.now() - startedAt;
  process.stdout.write(
    `${rows} incidents (a tenth in two revisions) and ${rows} sessions in ${Math.round(filledMs / 1000)} s\n`,
  );
  const { incidents } = await store.listIncidents({ limit: 1 });
  const one = incidents[0] as (typeof incidents)[number];
  const scopes = { '24 h': { sinceMs: now - DAY_MS }, '7 d': { sinceMs: now - 7 * DAY_MS }, all: {} };
  for (const [name, scope] of Object.entries(scopes)) {
    await measure(`overview, ${name}`, () => store.overview(scope));
    await measure(`causes, ${name}`, () => store.rankCauses(scope));
    await measure(`one cause, ${name}`, () => store.readCause(one.code, scope));
    await measure(`releases, ${name}`, () => store.compareReleases(scope));
    await measure(`50 incidents, ${name}`, () => store.listIncidents({ ...scope, limit: 50 }));
    await measure(`search, ${name}`, () => store.listIncidents({ ...scope, limit: 50, search: 'code7app1' }));
  }
  await measure('one incident', () => store.readIncident(one.id));
  await measure('one session', () => store.readSession(one.clientSessionId));
  await store.close();
} finally {
  await clickHouse.close();
}

async function measure(name: string, ask: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    await ask();
    times.push(performance.now() - startedAt);
  }
  process.stdout.write(
    `${name.padEnd(20)} ${Math.min(...times)
      .toFixed(0)
      .padStart(6)} ms\n`,
  );
}
