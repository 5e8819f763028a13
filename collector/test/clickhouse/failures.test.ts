import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/stores/open-store.js';
import { childCollector } from '../child-collector.js';
import { sampleEnvelope, sampleIncident } from '../sample-envelope.js';
import { startedCollectorOn } from '../started-collector.js';
import { batchOf, opened } from '../store-contract.js';
import { type ClickHouse, startClickHouse } from './start-clickhouse.js';

let clickHouse: ClickHouse;
beforeAll(async () => {
  clickHouse = await startClickHouse();
});
afterAll(() => clickHouse.close());

const databaseOf = (place: string) => place.split('/').at(-1) as string;
/** As often as it is tried at once. */
const failing = (error: string, match = 'INSERT INTO incidents') => ({
  match,
  do: 'error' as const,
  error,
  times: error.startsWith('Code:') ? 1 : 2,
});

it.each([
  [
    'disk-full',
    'Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)',
    /disk.*NOT_ENOUGH_SPACE/,
  ],
  ['overloaded', 'Code: 252. DB::Exception: Too many parts (3001). (TOO_MANY_PARTS)', /TOO_MANY_PARTS/],
  ['read-only', 'Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)', /TABLE_IS_READ_ONLY/],
  ['refused', 'Code: 497. DB::Exception: default: Not enough privileges. (ACCESS_DENIED)', /ACCESS_DENIED/],
  ['misconfigured', 'Code: 60. DB::Exception: Table incidents does not exist. (UNKNOWN_TABLE)', /UNKNOWN_TABLE/],
  [
    'unreachable',
    'Code: 285. DB::Exception: Number of alive replicas 1 is less than 2. (TOO_FEW_LIVE_REPLICAS)',
    /TOO_FEW_LIVE/,
  ],
  ['io-error', 'Code: 1001. DB::Exception: std::exception. (STD_EXCEPTION)', /code 1001/],
  ['unreachable', '<html>502 Bad Gateway</html>', /502 Bad Gateway/],
])('says %s, and stores the batch when it comes again', async (reason, error, message) => {
  const store = await opened(await clickHouse.newStore());
  const batch = batchOf(sampleEnvelope({ dropped: { 'queue-full': 1 } }));
  await clickHouse.break(failing(error));
  const failure = await store.write([batch]).catch((caught) => caught);
  expect(failure).toMatchObject({ name: 'StoreFailure', reason, message: expect.stringMatching(message) });
  expect(failure.advice).toMatch(/^[A-Z].*\.$/);
  expect((await store.write([batch])).incidentIds).toEqual([batch.incidents[0]?.id]);
  expect(await store.overview({})).toMatchObject({ incidents: 1, dropped: { 'queue-full': 1 } });
});

it('does not take a question that fails for a store that cannot write', async () => {
  const collector = await startedCollectorOn(await clickHouse.newStore());
  await clickHouse.break(
    failing('Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)', 'FROM incidents FINAL'),
  );
  const answer = await fetch(`${collector.url}/api/incidents`);
  expect([answer.status, (await answer.json()).error]).toEqual([
    503,
    'The collector cannot read its store right now (overloaded).',
  ]);
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toMatch(/store_writable 1\n/);
});

it('inserts again, once, when the answer is lost', async () => {
  const place = await clickHouse.newStore();
  const store = await opened(place);
  await clickHouse.break({ match: 'INSERT INTO incidents', do: 'lose-answer', times: 1 });
  const batch = batchOf(sampleEnvelope());
  expect((await store.write([batch])).incidentIds).toHaveLength(1);
  // Known by its token: there is not even a second row that a merge would have to remove.
  expect(await clickHouse.sql('SELECT count() FROM incidents', databaseOf(place))).toBe('1\n');
});

it('stores the same rows again after they were deleted', async () => {
  const place = await clickHouse.newStore();
  const store = await opened(place);
  const batch = batchOf(sampleEnvelope());
  await store.write([batch]);
  await clickHouse.sql('DELETE FROM incidents WHERE 1', databaseOf(place));
  expect((await store.overview({})).incidents).toBe(0);
  expect((await store.write([batch])).incidentIds).toHaveLength(1);
  expect((await store.overview({})).incidents).toBe(1);
});

it('counts rows once that no merge has put together yet', async () => {
  const place = await clickHouse.newStore();
  const [one, two] = [await opened(place), await opened(place)];
  await clickHouse.sql('SYSTEM STOP MERGES', databaseOf(place));
  const incident = sampleIncident();
  const revisions = [1, 2, 3].map((revision) => batchOf(sampleEnvelope({ records: [{ ...incident, revision }] })));
  await Promise.all(revisions.map((batch, i) => (i % 2 === 0 ? one : two).write([batch])));
  await clickHouse.sql('SYSTEM START MERGES', databaseOf(place));
  expect(Number(await clickHouse.sql('SELECT count() FROM incidents', databaseOf(place)))).toBeGreaterThan(1);
  expect((await one.overview({})).incidents).toBe(1);
  expect((await one.listIncidents({ limit: 9 })).incidents).toMatchObject([{ revision: 3 }]);
  expect((await one.rankCauses({}))[0]).toMatchObject({ incidents: 1, trend: expect.arrayContaining([1]) });
});

it('refuses one row that ClickHouse cannot take without its neighbours', async () => {
  const store = await opened(await clickHouse.newStore());
  const good = batchOf(sampleEnvelope());
  const bad = batchOf(sampleEnvelope());
  const broken = { ...bad, incidents: bad.incidents.map((incident) => ({ ...incident, revision: 1.5 })) };
  const failure = await store.write([good, broken]).catch((caught) => caught);
  // No StoreFailure: the collector then writes each batch of the group by itself.
  expect(failure).toEqual(new Error('ClickHouse cannot read a row (code 27).'));
  expect((await store.write([good])).incidentIds).toHaveLength(1);
});

it.each([
  [
    'a wrong password',
    (place: string) => place.replace(':secret@', ':wrong-password@'),
    /rejects the user in --store \(AUTHENTICATION_FAILED/,
  ],
  ['no such database', (place: string) => `${place}_none`, /lacks what the collector needs \(UNKNOWN_DATABASE/],
  [
    'nobody there',
    (place: string) => place.replace(/:\d+\//, ':9/'),
    /does not answer \(connect ECONNREFUSED 127\.0\.0\.1:9\)\. /,
  ],
])('ends at once with one line about %s', async (_, wrong, message) => {
  const place = wrong(await clickHouse.newStore());
  const child = await childCollector('--port', '0', '--store', place);
  expect(await child.ended).toBe(1);
  expect(child.errors()).toMatch(message);
  expect(child.errors().trimEnd().split('\n')).toHaveLength(1);
  expect(child.errors()).not.toMatch(/secret|wrong-password/);
});

it('needs no right to change tables that are as they should be, and says who may migrate', async () => {
  const place = await clickHouse.newStore();
  const denied = {
    ...failing('Code: 497. DB::Exception: Not enough privileges. (ACCESS_DENIED)', '^(CREATE|ALTER)'),
    times: 99,
  };
  await clickHouse.break(denied);
  await expect(openStore(place)).rejects.toThrow(/ACCESS_DENIED.*CREATE and ALTER/);
  await clickHouse.break();
  const migrated = await childCollector('migrate', '--store', place);
  expect([await migrated.ended, migrated.output()]).toEqual([0, expect.stringMatching(/^Applied 1 records, 2 [\w-]+/)]);
  await clickHouse.break(denied);
  await (await opened(place)).write([batchOf(sampleEnvelope())]);
  const again = await childCollector('migrate', '--store', place);
  expect([await again.ended, again.output()]).toEqual([0, 'Nothing to migrate\n']);
  await clickHouse.break();
});

it('does not touch tables of a newer collector', async () => {
  const place = await clickHouse.newStore();
  await (await openStore(place)).close();
  await clickHouse.sql("INSERT INTO schema_migrations (version, name) VALUES (99, 'later')", databaseOf(place));
  await expect(openStore(place)).rejects.toThrow(/newer collector \(it is at version 99/);
});
