import { describe, expect, it } from 'vitest';
import { weightedPercentiles } from '../src/stores/weighted-percentiles.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, read, startedCollector } from './started-collector.js';

const base = sampleIncident().diagnosis;

function incidentOf(code: string, overrides = {}) {
  return sampleIncident({ diagnosis: { ...base, code, title: `Title of ${code}` }, ...overrides });
}

const idsOf = ({ body }: { body: { incidents: { id: string }[] } }) => body.incidents.map(({ id }) => id);

describe('the read API', () => {
  it('filters the list by code, status, app, release, period and text', async () => {
    const collector = await startedCollector();
    const old = incidentOf('server-went-down', { openedAt: ago(3 * 86_400_000) });
    const open = incidentOf('websocket-blocked', { namespace: '/Admin_100%' });
    const resolved = incidentOf('websocket-blocked', { status: 'resolved', openedAt: ago(50_000) });
    await post(collector, sampleEnvelope({ records: [old, open] }));
    await post(collector, sampleEnvelope({ records: [resolved], app: { name: 'shop', release: '7' } }));

    const ids = async (query: string) => idsOf(await read(collector, `/api/incidents?${query}`));
    expect(await ids('')).toEqual([open.id, resolved.id]);
    expect(await ids('period=7d')).toEqual([open.id, resolved.id, old.id]);
    expect(await ids('period=all&code=server-went-down')).toEqual([old.id]);
    expect(await ids('status=resolved')).toEqual([resolved.id]);
    expect(await ids('app=shop&release=7')).toEqual([resolved.id]);
    expect(await ids('app=shop&release=8')).toEqual([]);
    expect(await ids('search=admin_100%25')).toEqual([open.id]);
    expect(await ids('search=admin%25100')).toEqual([]);
  });

  it('pages through the list without gaps or repeats', async () => {
    const collector = await startedCollector();
    const openedAt = ago(10_000);
    const records = Array.from({ length: 7 }, () => sampleIncident({ openedAt }));
    await post(collector, sampleEnvelope({ records }));
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await read(collector, `/api/incidents?limit=3&cursor=${cursor}`);
      seen.push(...idsOf(page));
      cursor = page.body.next ?? '';
    } while (cursor !== '');
    expect(seen.sort()).toEqual(records.map(({ id }) => id).sort());
  });

  it('ranks causes by sessions, not by incidents', async () => {
    const collector = await startedCollector();
    const loud = Array.from({ length: 5 }, () => incidentOf('connection-cut'));
    await post(collector, sampleEnvelope({ records: loud }));
    for (let i = 0; i < 2; i++) await post(collector, sampleEnvelope({ records: [incidentOf('websocket-blocked')] }));
    const { body } = await read(collector, '/api/causes');
    expect(body.causes).toMatchObject([
      { code: 'websocket-blocked', title: 'Title of websocket-blocked', sessions: 2, incidents: 2, open: 2 },
      { code: 'connection-cut', sessions: 1, incidents: 5, confirmed: 5 },
    ]);
  });

  it('tells one cause with its newest incident and what it is spread over', async () => {
    const collector = await startedCollector();
    const newest = incidentOf('connection-cut', { openedAt: ago(1000), transport: 'websocket' });
    await post(collector, sampleEnvelope({ records: [newest, incidentOf('connection-cut'), incidentOf('other')] }));
    const { body } = await read(collector, '/api/causes/connection-cut');
    expect(body.newest).toEqual(newest);
    expect(body.report.incidents).toBe(2);
    expect(body.report.by.transport).toEqual([
      { value: 'polling', incidents: 1, sessions: 1 },
      { value: 'websocket', incidents: 1, sessions: 1 },
    ]);
    expect(body.report.trend.reduce((sum: number, point: { incidents: number }) => sum + point.incidents, 0)).toBe(2);
    expect((await read(collector, '/api/causes/unheard-of')).status).toBe(404);
  });

  it('weighs sessions by how many each stands for', async () => {
    const collector = await startedCollector();
    const { timeToConnectMs: _, timeToUpgradeMs: __, ...failed } = sampleSession({ connected: false });
    const records = [sampleSession({ weight: 9, timeToConnectMs: 100 }), sampleSession({ timeToConnectMs: 900 })];
    await post(collector, { ...sampleEnvelope(), records: [...records, failed, failed] });
    const { body } = await read(collector, '/api/overview');
    expect(body).toMatchObject({ sessions: 11, incidents: 0 });
    const { p50, p75, p95 } = body.timeToConnectMs;
    for (const [told, exact] of [p50 / 100, p75 / 100, p95 / 900].map((ratio) => [ratio, 1])) {
      expect(Math.abs((told ?? 0) - (exact ?? 0))).toBeLessThan(0.05);
    }
    const { timeToConnectMs } = (await read(collector, '/api/overview?period=1h')).body;
    expect(timeToConnectMs).toEqual({ p50: 100, p75: 100, p95: 900 });
    expect(body.connectedShare).toBeCloseTo(10 / 11);
    expect(body.upgradedShare).toBeCloseTo(10 / 11);
  });

  it('lists what there is to filter by', async () => {
    const collector = await startedCollector();
    await post(collector, sampleEnvelope({ records: [incidentOf('connection-cut'), incidentOf('other')] }));
    await post(collector, sampleEnvelope({ app: { name: 'admin' }, records: [sampleSession()] }));
    expect((await read(collector, '/api/facets')).body).toEqual({
      apps: ['admin', 'chat-web'],
      releases: ['4.2.0'],
      environments: ['production'],
      engines: ['chromium'],
      networkTypes: [],
      codes: ['connection-cut', 'other'],
    });
  });

  it('tells engines, their versions, network types and times apart', async () => {
    const collector = await startedCollector();
    const from = (engineVersion: string, networkType: string) => {
      const envelope = sampleEnvelope();
      const runtime = { ...envelope.session.runtime, engineVersion, networkType };
      return { ...envelope, session: { ...envelope.session, runtime } };
    };
    const old = { openedAt: ago(4 * 86_400_000), startedAt: ago(4 * 86_400_000) };
    await post(collector, { ...from('131', 'wifi'), records: [incidentOf('connection-cut'), sampleSession()] });
    await post(collector, { ...from('131', '4g'), records: [incidentOf('connection-cut', old), sampleSession(old)] });
    await post(collector, { ...from('130', '4g'), records: [incidentOf('connection-cut')] });

    const overview = async (query: string) => (await read(collector, `/api/overview?${query}`)).body;
    expect(await overview('period=all&networkType=4g')).toMatchObject({ sessions: 1, incidents: 2 });
    expect(await overview('period=all&engine=gecko')).toMatchObject({ sessions: 0, incidents: 0 });
    const { previous, by } = await overview('period=24h');
    expect([previous.sessions, previous.incidents]).toEqual([0, 0]);
    expect(by.networkType).toEqual([
      { value: 'wifi', sessions: 1, connectedShare: 1, failedShare: 0, incidents: 1, affectedSessions: 1 },
      { value: '4g', sessions: 0, incidents: 1, affectedSessions: 1 },
    ]);
    const range = `since=${Date.parse(ago(5 * 86_400_000))}&until=${ago(86_400_000)}`;
    expect(await overview(range)).toMatchObject({ sessions: 1, incidents: 1 });
    const { report } = (await read(collector, '/api/causes/connection-cut?period=all')).body;
    expect(report.by.engineVersion).toEqual([
      { value: 'chromium 131', incidents: 2, sessions: 2 },
      { value: 'chromium 130', incidents: 1, sessions: 1 },
    ]);
    const { incidents } = (await read(collector, '/api/incidents?networkType=wifi')).body;
    expect(incidents).toMatchObject([{ engineVersion: '131', networkType: 'wifi', clientVersion: '4.8+' }]);
  });

  it('has no gap in the trend, and the same buckets for causes', async () => {
    const collector = await startedCollector();
    const records = [incidentOf('connection-cut'), incidentOf('other', { openedAt: ago(5 * 3_600_000) })];
    await post(collector, sampleEnvelope({ records: [...records, sampleSession()] }));
    const { trend, bucketMs } = (await read(collector, '/api/overview')).body;
    const gaps = trend.slice(1).map(({ atMs }: { atMs: number }, i: number) => atMs - trend[i].atMs);
    expect([...new Set(gaps)]).toEqual([bucketMs]);
    expect(trend.length).toBeGreaterThanOrEqual(24);
    const { causes } = (await read(collector, '/api/causes')).body;
    const sum = trend.map((_: unknown, i: number) => causes[0].trend[i] + causes[1].trend[i]);
    expect(sum).toEqual(trend.map(({ incidents }: { incidents: number }) => incidents));
    expect(causes.map(({ previousSessions }: { previousSessions: number }) => previousSessions)).toEqual([0, 0]);
  });

  it('compares releases and says which causes came with one', async () => {
    const collector = await startedCollector();
    const send = (release: string, ...records: object[]) =>
      post(collector, { ...sampleEnvelope({ app: { name: 'shop', release } }), records });
    await send('1', incidentOf('connection-cut'), sampleSession());
    await send('2', incidentOf('connection-cut'), incidentOf('other'), sampleSession({ connected: false }));
    const { releases } = (await read(collector, '/api/releases')).body;
    expect(releases).toMatchObject([
      { app: 'shop', release: '2', sessions: 1, connectedShare: 0, incidents: 2, affectedSessions: 1 },
      { app: 'shop', release: '1', sessions: 1, connectedShare: 1, incidents: 1 },
    ]);
    expect(releases[0].causes).toEqual([
      { code: 'connection-cut', title: 'Title of connection-cut', sessions: 1, isNew: false },
      { code: 'other', title: 'Title of other', sessions: 1, isNew: true },
    ]);
    expect(releases[1].causes[0].isNew).toBe(false);
    const { report } = (await read(collector, '/api/causes/other')).body;
    expect(report.firstRelease).toMatchObject({ app: 'shop', release: '2' });
  });

  it('tells everything of one session', async () => {
    const collector = await startedCollector();
    const incident = sampleIncident();
    const session = sampleSession();
    const envelope = sampleEnvelope({ records: [incident, session] });
    await post(collector, envelope);
    const { body } = await read(collector, `/api/sessions/${envelope.session.id}`);
    expect(body.context.session).toEqual(envelope.session);
    expect(body.records).toEqual([session]);
    expect(body.incidents).toMatchObject([{ id: incident.id, clientSessionId: envelope.session.id }]);
    expect((await read(collector, '/api/sessions/none')).status).toBe(404);
  });

  it('says what is wrong with a question', async () => {
    const collector = await startedCollector();
    expect(await read(collector, '/api/incidents?period=__proto__')).toEqual({
      status: 400,
      body: { error: 'period must be 1h, 24h, 7d, 30d or all; got "__proto__"' },
    });
    expect((await read(collector, '/api/incidents?limit=1e9')).status).toBe(400);
    expect((await read(collector, '/api/overview?since=yesterday')).body.error).toMatch(
      /^since must be a time such as/,
    );
    expect((await read(collector, '/api/overview?since=2&until=2')).status).toBe(400);
    expect((await read(collector, '/api/incidents?cursor=%27%20OR%201=1')).status).toBe(200);
    expect((await read(collector, '/api/incidents/none')).body).toEqual({
      error:
        'There is no incident none. Its records never arrived or have been deleted, or the URL is missing part of the id.',
    });
  });

  it('answers an unknown route with the list of those there are', async () => {
    const collector = await startedCollector();
    const { status, body } = await read(collector, '/v1/record?x=1');
    expect([status, body.error]).toEqual([404, 'There is no GET /v1/record here.']);
    expect(body.routes).toEqual(expect.arrayContaining(['POST /v1/records', 'GET /healthz', 'GET /api/incidents/:id']));
  });

  it('streams what was stored', async () => {
    const collector = await startedCollector();
    const response = await fetch(`${collector.url}/api/events`);
    const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const readUntil = async (part: string) => {
      let text = '';
      while (!text.includes(part)) text += (await chunks?.read())?.value ?? '';
      return text;
    };
    await readUntil('event: ready');
    const incident = sampleIncident();
    await post(collector, sampleEnvelope({ records: [incident] }));
    expect(await readUntil('\n\n')).toContain(`"incidentIds":["${incident.id}"]`);
  });
});

describe('reading', () => {
  it('needs the token where there is one; writing does not', async () => {
    const collector = await startedCollector({ host: '0.0.0.0', readToken: 'correct horse'.replace(' ', '-') });
    const incident = sampleIncident();
    expect((await post(collector, sampleEnvelope({ records: [incident] }))).status).toBe(200);
    const status = async (authorization?: string) =>
      (await fetch(`${collector.url}/api/incidents`, { headers: authorization ? { authorization } : {} })).status;
    expect(await status()).toBe(401);
    expect(await status('Bearer wrong')).toBe(401);
    expect(await status('Bearer correct-horse')).toBe(200);
    expect(await status(`Basic ${btoa('me:correct-horse')}`)).toBe(200);
    expect((await fetch(`${collector.url}/api/export/incidents.csv`)).status).toBe(401);
    expect((await fetch(`${collector.url}/metrics`)).status).toBe(401);
    // The page itself tells nothing: it asks for the token.
    expect((await fetch(`${collector.url}/incidents/${incident.id}`)).status).not.toBe(401);
  });

  it('is signed in for by a cookie that no script can read and that the token alone makes', async () => {
    const collector = await startedCollector({ readToken: 'correct-horse' });
    const signIn = (token: string, headers: Record<string, string> = {}) =>
      fetch(`${collector.url}/api/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ token }),
      });
    const status = async (cookie: string) =>
      (await fetch(`${collector.url}/api/facets`, { headers: { cookie } })).status;
    expect((await signIn('wrong-horse')).status).toBe(403);
    const given = (await signIn('correct-horse')).headers.get('set-cookie') ?? '';
    expect(given).toMatch(/; HttpOnly; SameSite=Strict$/);
    const secure = (await signIn('correct-horse', { origin: 'https://diagnostics.example' })).headers.get('set-cookie');
    expect(secure).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    expect(given).not.toContain('correct-horse');
    const cookie = given.split(';', 1)[0] ?? '';
    expect(await status(cookie)).toBe(200);
    expect(await status(`theme=dark; ${cookie}; other=1`)).toBe(200);
    expect(await status(cookie.replace(/=\d/, '=9'))).toBe(401);
    expect(await status(`${cookie}x`)).toBe(401);
    const other = await startedCollector({ readToken: 'another-horse' });
    expect((await fetch(`${other.url}/api/facets`, { headers: { cookie } })).status).toBe(401);
    // Whoever guesses is held up.
    const guesses = await Promise.all(Array.from({ length: 8 }, () => signIn('wrong-horse')));
    expect(guesses.map((guess) => guess.status)).toContain(429);
  });

  it('is refused to a web site that had its name point here', async () => {
    const collector = await startedCollector();
    const { hostname, port } = new URL(collector.url);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request({ hostname, port, path: '/api/incidents', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(421);
  });
});

describe('weightedPercentiles', () => {
  it('is undefined without values and the nearest rank with them', () => {
    expect(weightedPercentiles([], [0.5])).toEqual([undefined]);
    const values = [1, 2, 3, 4].map((value) => ({ value, weight: 1 }));
    expect(weightedPercentiles(values, [0.25, 0.5, 0.75, 0.95, 1])).toEqual([1, 2, 3, 4, 4]);
  });
});
