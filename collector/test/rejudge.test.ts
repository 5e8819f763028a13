import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { expect, it, onTestFinished } from 'vitest';
import { withDiagnostics } from '../../src/index.node.js';
import { judgeTimeline, version } from '../../src/judge-timeline.js';
import { readRecordings } from '../../test/tools/exactness.js';
import type { Judge } from '../src/rejudge/find-judge.js';
import { findJudge } from '../src/rejudge/find-judge.js';
import { rejudge } from '../src/rejudge/rejudge.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { childCollectorIn } from './child-collector.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, read, startedCollector, temporaryFolder } from './started-collector.js';

const ours = { judgeTimeline, version } as unknown as Judge;

function openStore(data: string) {
  const store = openSqliteStore(data);
  onTestFinished(() => store.close());
  return store.rejudging;
}

/** Rules of a later version that hold something else responsible. */
const later: Judge = {
  version: '9.0.0',
  judgeTimeline: (timeline) => ({
    diagnosis: {
      ...sampleIncident().diagnosis,
      code: 'gateway-misled',
      title: 'A gateway answers for the server',
      certainty: 'suspected',
      fixedBy: 'proxy',
      evidence: [{ claim: `It saw ${(timeline as { signals: [] }).signals.length} signals.`, signal: 'probe', at: 1 }],
    },
  }),
};

const saying = (diagnosis: object | undefined, by = '9.0.0') =>
  ({ version: by, judgeTimeline: () => ({ diagnosis }) }) as unknown as Judge;

it('changes nothing of what the SDK of the same version sent', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  const server = new Server(0, { connectTimeout: 500 });
  onTestFinished(() => void server.close());
  server.of('/refusing').use((_socket, next) => next(new Error('not you')));
  const { port } = (server as unknown as { httpServer: { address(): { port: number } } }).httpServer.address();
  const url = `http://127.0.0.1:${port}`;
  const options = { reconnectionDelay: 50, randomizationFactor: 0 };
  const watch = (address: string, more = {}) =>
    withDiagnostics(io(address, { ...options, forceNew: true, ...more }), { collector: collector.recordsUrl });
  const sockets = [
    watch(`${url}/refusing`),
    watch(`${url}/unknown`),
    watch(url, { path: '/elsewhere/' }),
    watch('http://127.0.0.1:9'),
    watch(url, { transports: ['websocket'] }),
  ];
  onTestFinished(() => void sockets.map((socket) => socket.disconnect()));
  const settled = sockets.slice(0, 4).map(
    (socket) =>
      new Promise<void>((resolve) => {
        socket.diagnostics.on('diagnosis', () => resolve());
      }),
  );
  // Cut twice: one story that recovers and breaks again.
  const cut = sockets.at(-1);
  const told = new Promise<void>((resolve) => {
    let cuts = 0;
    cut?.on('connect', () => {
      cuts += 1;
      if (cuts < 3) setTimeout(() => cut.io.engine.transport.close(), 20);
    });
    cut?.on('connect', () => {
      if (cuts === 3) resolve();
    });
  });
  await Promise.all([...settled, told]);
  for (const socket of sockets.slice(1)) socket.disconnect();
  for (const socket of sockets) expect(await socket.diagnostics.flush()).toBe(true);
  for (const socket of sockets) socket.diagnostics.dispose();
  const listed = async () => (await read(collector, '/api/incidents')).body.incidents as { status: string }[];
  const statuses = async () => [...new Set((await listed()).map(({ status }) => status))].sort();
  // What is told at the end is under way.
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['abandoned', 'resolved']);
  const incidents = await listed();
  expect(incidents.length).toBeGreaterThanOrEqual(5);
  const report = await rejudge({ store: openStore(data), judge: ours, apply: false });
  expect(report).toMatchObject({ incidents: incidents.length, changes: [], applied: 0 });
  expect(report.kept).toEqual({ 'newer-sdk': 0, unreadable: 0, 'no-answer': 0 });
});

it('gives every recorded timeline the answer that it was recorded for', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data, ratePerAddress: 0 });
  const records = readRecordings().flatMap(({ recording: { code, expect: expected, timeline } }) => {
    // Of suspicions a recording only says which cause must be among them.
    if (code === null || (expected.certainty ?? 'confirmed') !== 'confirmed') return [];
    const diagnosis = { ...sampleIncident().diagnosis, code: expected.within ?? code };
    return [{ ...sampleIncident({ status: 'resolved', timeline }), diagnosis }];
  });
  for (let at = 0; at < records.length; at += 30) {
    const { answer } = await post(collector, { ...sampleEnvelope(), records: records.slice(at, at + 30) });
    expect(answer.rejected).toEqual([]);
  }
  expect(records.length).toBeGreaterThan(500);
  const report = await rejudge({ store: openStore(data), judge: ours, apply: false });
  expect(report).toMatchObject({ incidents: records.length, changes: [] });
});

it('says what newer rules change and writes nothing', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  const cors = Array.from({ length: 30 }, () => sampleIncident());
  const other = { ...sampleIncident(), diagnosis: { ...sampleIncident().diagnosis, code: 'server-unreachable' } };
  await post(collector, { ...sampleEnvelope(), records: [...cors, other, sampleSession()] });
  const before = (await read(collector, '/api/incidents')).body;
  const store = openStore(data);
  const report = await rejudge({ store, judge: later, apply: false });
  expect(report.changes).toEqual([
    {
      from: 'confirmed cors-origin-not-allowed',
      to: 'suspected gateway-misled',
      incidents: 30,
      example: expect.any(String),
    },
    { from: 'confirmed server-unreachable', to: 'suspected gateway-misled', incidents: 1, example: other.id },
  ]);
  expect(report).toMatchObject({ incidents: 31, applied: 0, sentBy: { '0.1.0': 31 } });
  expect((await rejudge({ store, judge: later, code: 'server-unreachable', apply: false })).incidents).toBe(1);
  expect((await rejudge({ store, judge: later, sinceMs: Date.now(), apply: false })).incidents).toBe(0);
  expect((await read(collector, '/api/incidents')).body).toEqual(before);
});

it('puts the newer answer beside the record, where every question goes by it', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  const incident = sampleIncident();
  await post(collector, sampleEnvelope({ records: [incident] }));
  const store = openStore(data);
  expect(await rejudge({ store, judge: later, apply: true })).toMatchObject({ applied: 1 });
  expect((await rejudge({ store, judge: later, apply: true })).changes).toEqual([]);

  const { body } = await read(collector, `/api/incidents/${incident.id}`);
  expect(body.record).toEqual(incident);
  expect(body.rejudged).toMatchObject({ by: '9.0.0', diagnosis: { code: 'gateway-misled', certainty: 'suspected' } });
  for (const query of ['code=gateway-misled', 'search=a+gateway+answers']) {
    const { incidents } = (await read(collector, `/api/incidents?${query}`)).body;
    expect(incidents).toMatchObject([{ id: incident.id, code: 'gateway-misled', fixedBy: 'proxy', revision: 1 }]);
  }
  expect((await read(collector, '/api/incidents?search=cors-origin')).body.incidents).toEqual([]);
  const { causes } = (await read(collector, '/api/causes')).body;
  expect(causes).toMatchObject([{ code: 'gateway-misled', confirmed: 0 }]);
  const cause = (await read(collector, '/api/causes/gateway-misled')).body;
  expect(cause.newest).toMatchObject({ id: incident.id, diagnosis: { code: 'gateway-misled' } });
  expect((await read(collector, '/api/facets')).body.codes).toContain('gateway-misled');

  // Rules that agree with the record give it its own answer back.
  const agreeing = saying(incident.diagnosis, '9.1.0');
  expect(await rejudge({ store, judge: agreeing, apply: true })).toMatchObject({ applied: 1 });
  const again = (await read(collector, `/api/incidents/${incident.id}`)).body;
  expect(again.rejudged).toBeUndefined();
  expect((await read(collector, '/api/causes')).body.causes).toMatchObject([{ code: 'cors-origin-not-allowed' }]);
});

it('leaves the last word to a later revision from the field, and not to an older one that is sent again', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  const store = openStore(data);
  const incident = sampleIncident({ revision: 2 });
  await post(collector, sampleEnvelope({ records: [incident] }));
  await rejudge({ store, judge: later, apply: true });
  for (const revision of [1, 2]) await post(collector, sampleEnvelope({ records: [{ ...incident, revision }] }));
  expect((await read(collector, '/api/causes')).body.causes).toMatchObject([{ code: 'gateway-misled', incidents: 1 }]);

  await post(collector, sampleEnvelope({ records: [{ ...incident, revision: 3, status: 'resolved' }] }));
  expect((await read(collector, '/api/incidents')).body.incidents).toMatchObject([
    { code: 'cors-origin-not-allowed', status: 'resolved', revision: 3 },
  ]);
  const stale = { code: 'gateway-misled', title: '', certainty: 'suspected', severity: 'error', fixedBy: 'proxy' };
  expect(await store.apply([{ ...stale, id: incident.id, revision: 2, rejudged: '{}' }])).toBe(0);
  expect((await read(collector, `/api/incidents/${incident.id}`)).body.rejudged).toBeUndefined();
});

it('keeps the answer where it cannot judge, and says why', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  await post(collector, sampleEnvelope());
  const newer = { name: 'socket.io-diagnostics', version: '10.0.0' };
  await post(collector, { ...sampleEnvelope(), sdk: newer });
  const store = openStore(data);
  const reasons = async (judge: Judge) => (await rejudge({ store, judge, apply: true })).kept;
  expect(await reasons(saying(undefined))).toEqual({ 'newer-sdk': 1, unreadable: 0, 'no-answer': 1 });
  const failing = { ...later, judgeTimeline: () => JSON.parse('{') };
  expect(await reasons(failing)).toEqual({ 'newer-sdk': 1, unreadable: 1, 'no-answer': 0 });
  const endless = Array.from({ length: 4000 }, (_, at) => ({
    kind: 'upgraded',
    transport: 'websocket',
    at,
    attempt: 1,
  }));
  const { timeline } = sampleIncident();
  const forged = { ...sampleIncident(), timeline: { ...timeline, signals: endless } };
  await post(collector, { ...sampleEnvelope(), records: [forged] });
  expect(await reasons(later)).toEqual({ 'newer-sdk': 1, unreadable: 1, 'no-answer': 0 });
  // An earlier version must not take back what a later one said.
  expect(await reasons(ours)).toEqual({ 'newer-sdk': 2, unreadable: 1, 'no-answer': 0 });
});

it('judges an abandoned incident as it was before the end that nobody judged', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  const { timeline } = sampleIncident();
  const abandoned = sampleIncident({ status: 'abandoned' });
  const signals = [...timeline.signals, { kind: 'page' as const, event: 'left' as const, attempt: 3, at: 9000 }];
  await post(collector, sampleEnvelope({ records: [{ ...abandoned, timeline: { ...timeline, signals } }] }));
  const judge = saying(undefined);
  const byLength = {
    ...judge,
    judgeTimeline: (given: unknown) =>
      (given as typeof timeline).signals.length === timeline.signals.length
        ? { diagnosis: abandoned.diagnosis }
        : later.judgeTimeline(given),
  } as Judge;
  expect((await rejudge({ store: openStore(data), judge: byLength, apply: false })).changes).toEqual([]);
});

/** A folder in which the SDK is installed, as far as the collector needs it. */
async function projectWith(exported: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  const sdk = join(folder, 'node_modules/socket.io-diagnostics');
  mkdirSync(sdk, { recursive: true });
  const manifest = {
    name: 'socket.io-diagnostics',
    version,
    exports: { './package.json': './package.json', ...exported },
  };
  writeFileSync(join(sdk, 'package.json'), JSON.stringify(manifest));
  const entryPoints = ['src/judge-timeline.ts'];
  await build({
    entryPoints,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    outfile: join(sdk, 'judge.cjs'),
    logLevel: 'silent',
  });
  return folder;
}

it('is a command that takes the rules from where it is called', async () => {
  const data = temporaryFolder();
  const collector = await startedCollector({ data });
  const diagnosis = { ...sampleIncident().diagnosis, code: `odd\u001b[31m${randomUUID()}` };
  const { timeline } = readRecordings()[0]?.recording ?? sampleIncident();
  await post(collector, sampleEnvelope({ records: [sampleIncident({ diagnosis: diagnosis as never, timeline })] }));
  const project = await projectWith({ './judge': './judge.cjs' });
  const run = async (...args: string[]) => {
    const child = await childCollectorIn(project, 'rejudge', '--data', data, ...args);
    return [await child.ended, child.output(), child.errors()];
  };
  const [status, output] = await run();
  expect(status).toBe(0);
  expect(output).toContain(`Judged 1 incidents with the rules of socket.io-diagnostics ${version} (collector `);
  expect(output).toMatch(/^from +to +incidents +example$/m);
  expect(output).toMatch(/^confirmed odd\ufffd\[31m\S+ +suspected \S+ +1 {2}[0-9a-f-]{36}$/m);
  expect(output).toContain('1 would change. Nothing was written; add --apply to store the changes.');
  expect((await run('--apply'))[1]).toContain('1 changed; their records stay as they were received.');
  expect((await run('--apply', '--since', '7d'))[1]).toContain('\n0 changes.\n');
  expect(await run('--since', 'yesterday')).toEqual([1, '', expect.stringMatching(/^--since takes a length of time/)]);
  const options = '--data, --store, --code, --since and --apply';
  expect(await run('--port', '1')).toEqual([1, '', `--port is not an option of rejudge, which takes ${options}.\n`]);
});

it('says what to install where there are no rules or those found are too old', async () => {
  const empty = temporaryFolder();
  const old = await projectWith({});
  expect(() => findJudge(old)).toThrow(/too old to judge stored records\. Where you run this, install/);
  const missing = await childCollectorIn(empty, 'rejudge', '--data', empty);
  expect([await missing.ended, missing.errors()]).toEqual([
    1,
    expect.stringMatching(
      /^Judging needs the rules of socket\.io-diagnostics, which is not installed\. Where you run this, install/,
    ),
  ]);
});
