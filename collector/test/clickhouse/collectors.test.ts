import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Collector, startCollector } from '../../src/index.js';
import { clickHouseMigrations } from '../../src/stores/clickhouse/clickhouse-migrations.js';
import { childCollector } from '../child-collector.js';
import { sampleEnvelope, sampleIncident } from '../sample-envelope.js';
import { post, startedCollectorOn } from '../started-collector.js';
import { surviveAKilledCollector } from '../survive-a-killed-collector.js';
import { type ClickHouse, startClickHouse } from './start-clickhouse.js';

let clickHouse: ClickHouse;
beforeAll(async () => {
  clickHouse = await startClickHouse();
});
afterAll(() => clickHouse.close());

it('loses and doubles nothing when one of two collectors on one ClickHouse is killed', {
  timeout: 300_000,
}, async () => {
  const place = await clickHouse.newStore();
  // Both start at once, and both migrate.
  await surviveAKilledCollector(place, '--store', place);
  const database = place.split('/').at(-1);
  expect(await clickHouse.sql('SELECT DISTINCT version, name FROM schema_migrations ORDER BY 1', database)).toBe(
    clickHouseMigrations.map(({ version, name }) => `${version}\t${name}\n`).join(''),
  );
});

it('tells the live feed of one collector what another stored', async () => {
  const place = await clickHouse.newStore();
  const [one, two] = [await startedCollectorOn(place), await startedCollectorOn(place)];
  await post(one, sampleEnvelope());
  const response = await fetch(`${two.url}/api/events`);
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const readUntil = async (part: RegExp) => {
    let text = '';
    while (!part.test(text)) text += (await chunks?.read())?.value ?? '';
    return text;
  };
  await readUntil(/event: ready/);
  const seen: string[] = [];
  // The feed begins with its first look, which comes within a second.
  const told = readUntil(/event: change\n.*\n\n/).then((text) => seen.push(text));
  while (seen.length === 0) {
    const incident = sampleIncident();
    await post(one, sampleEnvelope({ records: [incident] }));
    seen.push(
      ...(await Promise.race([told.then(() => []), new Promise<never[]>((resolve) => setTimeout(resolve, 300, []))])),
    );
  }
  expect(seen[0]).toMatch(/"incidentIds":\["[0-9a-f-]{36}"/);
  await chunks?.cancel();
});

it('tells each alert once, whichever of the collectors has it', async () => {
  const place = await clickHouse.newStore();
  const bodies: string[] = [];
  const webhook = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void webhook.close());
  await once(webhook, 'listening');
  const { port } = webhook.address() as AddressInfo;
  const logged: string[] = [];
  const logger = { info: (line: string) => void logged.push(line), error: (line: string) => void logged.push(line) };
  const rules = [{ name: 'one', sessions: 1 }];
  const alerts = { webhookUrl: `http://127.0.0.1:${port}`, rules, checkEveryMs: 100 };
  const [one, two] = await Promise.all([1, 2].map(() => startCollector({ port: 0, store: place, alerts, logger })));
  onTestFinished(() => two?.close());
  await post(one as Collector, sampleEnvelope());
  await expect.poll(() => bodies.length, { timeout: 20_000 }).toBe(1);
  await one?.close();
  await expect
    .poll(() => logged, { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/^(This|Another) collector/));
  const other = sampleIncident();
  const diagnosis = { ...other.diagnosis, code: 'server-unreachable' as const };
  await post(two as Collector, sampleEnvelope({ records: [{ ...other, diagnosis } as typeof other] }));
  await expect.poll(() => bodies.length, { timeout: 20_000 }).toBe(2);
  expect(bodies.map((body) => JSON.parse(body).code)).toEqual(['cors-origin-not-allowed', 'server-unreachable']);
});

it('keeps what it answered when ClickHouse is killed, and goes on once that is back', {
  timeout: 120_000,
}, async () => {
  const place = await clickHouse.newStore();
  const collector = await childCollector('--port', '0', '--store', place);
  const url = (await collector.recordsUrl) as string;
  expect(collector.output()).toContain(`Data             ${place.replace('default:secret@', '')}\n`);
  expect(collector.output() + collector.errors()).not.toContain('secret');
  const send = async (envelope: object) => fetch(url, { method: 'POST', body: JSON.stringify(envelope) });
  const kept = sampleEnvelope();
  expect((await send(kept)).status).toBe(200);
  await clickHouse.kill();
  const refused = sampleEnvelope();
  const answer = await send(refused);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  expect((await answer.json()).error).toContain('(unreachable)');
  expect((await fetch(new URL('/healthz', url))).status).toBe(503);
  expect(collector.errors()).toMatch(
    /^Nothing can be stored: ClickHouse does not answer \([^)]*ECONN\w+[^)]*\)\. .*\n$/,
  );
  await clickHouse.restart();
  expect((await send(refused)).status).toBe(200);
  const { incidents } = await (await fetch(new URL('/api/incidents', url))).json();
  expect(incidents.map(({ id }: { id: string }) => id).sort()).toEqual(
    [...kept.records, ...refused.records].map(({ id }) => id).sort(),
  );
});
