import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { judgeTimeline, version } from '../../src/judge-timeline.js';
import { readRecordings } from '../../test/tools/exactness.js';
import type { Judge } from '../src/rejudge/find-judge.js';
import { rejudge } from '../src/rejudge/rejudge.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { type ChildCollector, childCollector } from './child-collector.js';
import { mutatedJson } from './mutated-json.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';
import { temporaryFolder } from './started-collector.js';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const CASES = Number(process.env.CASES ?? 1500);
const MAX_BODY_BYTES = 1024 * 1024;
const AT_ONCE = 8;
/** Node with libsql takes some 110 MB here; beside it the collector may hold 64 MiB, and garbage of about as much. */
const MAX_MEMORY_BYTES = 420 * 1024 * 1024;
/** On a busy machine fewer cases are tried. */
const FUZZ_MS = 10_000;
/** Longer than any answer may take, shorter than what the test would wait for one that never comes. */
const HANG_MS = 15_000;

/** Incidents as the SDK sends them: the timelines that real clients recorded, with the answers of the real rules. */
const incidents = readRecordings().flatMap(({ recording: { timeline } }) => {
  const { diagnosis } = judgeTimeline(timeline);
  return diagnosis ? [sampleIncident({ timeline, diagnosis, phase: diagnosis.phase })] : [];
});

interface World {
  readonly child: ChildCollector;
  readonly data: string;
  readonly url: string;
}

async function startWorld(): Promise<World> {
  const data = temporaryFolder();
  const args = ['--port', '0', '--data', data, '--rate-per-address', '0'];
  const child = await childCollector(...args);
  const recordsUrl = (await child.recordsUrl) as string;
  return { child, data, url: recordsUrl.replace('/v1/records', '') };
}

/** An answer, whatever it is; a hang or a broken connection fails the test by name. */
async function ask(url: string, init: RequestInit, name: string) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(HANG_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new Error(`${name}: ${String((error as Error).cause ?? error)}`);
  }
}

interface Case {
  readonly body: string;
  /** Good records in it by id, as text. */
  readonly good: ReadonlyMap<string, string>;
  /** Nothing but records was broken: the good ones must be taken. */
  readonly isEnvelopeWhole: boolean;
}

function makeCase(random: SeededRandom): Case {
  const good = new Map<string, string>();
  const records: string[] = [];
  const addGood = () => {
    const id = randomUUID();
    const made = random.chance(0.7) ? { ...random.pick(incidents), id } : sampleSession({ id });
    const text = JSON.stringify(made);
    good.set(id, text);
    records.push(text);
    if (random.chance(0.2)) records.push(text);
  };
  const addBad = () => {
    const id = randomUUID();
    const record = random.chance(0.8) ? { ...random.pick(incidents), id } : sampleSession({ id });
    records.splice(random.below(records.length + 1), 0, mutatedJson(record, random));
  };
  for (let n = 1 + random.below(2); n > 0; n -= 1) addGood();
  for (let n = random.below(4); n > 0; n -= 1) addBad();
  if (random.chance(0.02))
    for (let n = 0; n < 900; n += 1) records.push(random.pick(['{}', 'null', '7', '{"kind":"x"}']));
  const isEnvelopeWhole = random.chance(0.7);
  const envelope = sampleEnvelope({ records: [] });
  const text = isEnvelopeWhole ? JSON.stringify(envelope) : mutatedJson(envelope, random);
  const list = `[${records.join(random.pick([',', ' ,\r\n']))}]`;
  const body = text.includes('"records":[]') ? text.replace('"records":[]', () => `"records":${list}`) : text;
  return { body, good: body === text || isOverruled(body, good) ? new Map() : good, isEnvelopeWhole };
}

/** Whether a second member `records`, which a broken envelope may have behind the first, is the one that counts. */
function isOverruled(body: string, good: ReadonlyMap<string, string>): boolean {
  try {
    const { records } = JSON.parse(body);
    return !Array.isArray(records) || ![...good.keys()].every((id) => records.some((one) => one?.id === id));
  } catch {
    return false;
  }
}

/** Broken as bytes: rarely anything in it can be read. */
function corrupted(body: string, random: SeededRandom): Uint8Array | string {
  const at = random.below(body.length);
  return random.pick<() => Uint8Array | string>([
    () => body.slice(0, at),
    () => `${body}${body.slice(at)}`,
    () => `\ufeff${body}`,
    () => `${' '.repeat(100_000)}${body}`,
    () => body.replace(/:(\d+)/, ':0$1'),
    () => body.replace(/:\d+/, ':NaN'),
    () => body.replace('{', '{"records":7,'),
    () => Buffer.concat([Buffer.from(body.slice(0, at)), Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(body.slice(at))]),
    () => gzipSync(body).subarray(0, 40),
    () => Buffer.concat([gzipSync(body), Buffer.from('behind it')]),
  ])();
}

function memoryOf({ child }: World): number | undefined {
  const status = `/proc/${child.process.pid}/status`;
  if (!existsSync(status)) return undefined;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]) * 1024;
}

async function expectEveryAnswer({ url }: World, codes: readonly string[], ids: readonly string[]) {
  const get = async (path: string) => {
    const { status, text } = await ask(`${url}${path}`, {}, path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  for (const period of ['1h', '24h', '7d', '30d', 'all']) {
    await get(`/api/overview?period=${period}`);
    await get(`/api/causes?period=${period}`);
    await get(`/api/releases?period=${period}`);
  }
  const facets = await get('/api/facets');
  for (const code of [...codes, ...facets.codes.slice(0, 200)]) {
    const { status, text } = await ask(`${url}/api/causes/${encodeURIComponent(code)}?period=all`, {}, code);
    expect([200, 404, 414]).toContain(status);
    JSON.parse(text);
  }
  const listed: { id: string; clientSessionId: string }[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await get(`/api/incidents?period=all&limit=200&cursor=${encodeURIComponent(cursor)}`);
    listed.push(...page.incidents);
    cursor = page.next;
  }
  expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  for (const { id, clientSessionId } of listed.slice(0, 100)) {
    await get(`/api/incidents/${encodeURIComponent(id)}`);
    await get(`/api/sessions/${encodeURIComponent(clientSessionId)}`);
  }
  for (const app of facets.apps.slice(0, 20)) await get(`/api/overview?period=all&app=${encodeURIComponent(app)}`);
  for (const name of ['incidents', 'causes', 'releases']) {
    await get(`/api/export/${name}.json?period=all`);
    expect((await ask(`${url}/api/export/${name}.csv?period=all`, {}, name)).status).toBe(200);
  }
  expect(listed.filter(({ id }) => ids.includes(id)).length).toBe(ids.length);
  expect((await ask(`${url}/metrics`, {}, 'metrics')).status).toBe(200);
}

it(
  `survives ${CASES} envelopes broken at random and keeps the good records beside bad ones (SEED=${SEED})`,
  async () => {
    const world = await startWorld();
    const promised = new Map<string, string>();
    const refused = new Set<string>();
    const run = async (n: number) => {
      const name = `SEED=${SEED + n} CASES=1`;
      const random = seededRandom(SEED + n);
      const { body, good, isEnvelopeWhole } = makeCase(random);
      const isCorrupted = random.chance(0.15);
      const plain = isCorrupted ? corrupted(body, random) : body;
      const isPacked = random.chance(0.25);
      const init: RequestInit = {
        method: 'POST',
        headers: {
          'content-type': random.pick(['text/plain', 'text/plain;charset=UTF-8', 'application/json']),
          ...(isPacked && { 'content-encoding': random.pick(['gzip', 'GZIP']) }),
        },
        body: (isPacked ? gzipSync(plain) : plain) as BodyInit,
      };
      for (let times = random.chance(0.2) ? 2 : 1; times > 0; times -= 1) {
        const { status, text } = await ask(`${world.url}/v1/records`, init, name);
        expect([200, 400, 413], `${name}: ${text.slice(0, 300)}`).toContain(status);
        const answer = JSON.parse(text) as { accepted?: number; rejected?: { index: number; id?: string }[] };
        const isSound = isEnvelopeWhole && !isCorrupted && Buffer.byteLength(body) <= MAX_BODY_BYTES;
        if (isSound) expect(status, `${name}: ${text.slice(0, 300)}`).toBe(200);
        // What was corrupted may still be an envelope, but which records it has is not known here.
        if (isCorrupted) continue;
        for (const [id, record] of good) {
          if (status === 200) {
            expect(
              answer.rejected?.filter((one) => one.id === id),
              name,
            ).toEqual([]);
            promised.set(id, record);
          } else refused.add(id);
        }
      }
    };
    const endMs = Date.now() + (process.env.CASES === undefined ? FUZZ_MS : Number.POSITIVE_INFINITY);
    let next = 0;
    const work = async () => {
      while (next < CASES && Date.now() < endMs) await run(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    const kinds = [...promised].map(([id, text]) => ({ id, text, isIncident: JSON.parse(text).kind === 'incident' }));
    const stored = kinds.filter(({ isIncident }) => isIncident);
    expect(stored.length).toBeGreaterThan(Math.min(100, CASES / 4));
    for (const { id, text } of stored) {
      const { status, text: answer } = await ask(`${world.url}/api/incidents/${id}`, {}, id);
      expect(status, id).toBe(200);
      expect(answer).toContain(`"record":${text}`);
    }
    for (const id of refused) expect((await ask(`${world.url}/api/incidents/${id}`, {}, id)).status).toBe(404);
    await expectEveryAnswer(
      world,
      ['__proto__', 'constructor', '%', 'a/b', '\ud83d\udca9'],
      stored.map(({ id }) => id),
    );
    const sessions = kinds.length - stored.length;
    const { sessions: counted } = JSON.parse((await ask(`${world.url}/api/overview?period=all`, {}, 'overview')).text);
    expect(counted).toBeGreaterThanOrEqual(sessions);
    expect(memoryOf(world) ?? 0).toBeLessThan(MAX_MEMORY_BYTES);
    expect(world.child.process.exitCode).toBeNull();
    expect(world.child.errors()).toBe('');
    world.child.process.kill('SIGTERM');
    expect(await world.child.ended).toBe(0);

    // What was taken can be judged, or it is said that it cannot; the good ones get the answer that they have.
    const store = openSqliteStore(world.data);
    onTestFinished(() => store.close());
    const judge = { judgeTimeline, version } as unknown as Judge;
    const { incidents: judged, changes } = await rejudge({ store: store.rejudging, judge, apply: true });
    expect(judged).toBeGreaterThanOrEqual(stored.length);
    for (const { id } of stored) expect(await store.readIncident(id)).not.toHaveProperty('rejudged');
    expect(changes.reduce((sum, change) => sum + change.incidents, 0)).toBeLessThan(judged / 2);
  },
  process.env.CASES === undefined ? 120_000 : 3_600_000,
);
