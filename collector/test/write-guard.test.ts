import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Collector, CollectorLogger, ProjectKey } from '../src/index.js';
import { parseCommandLine } from '../src/parse-command-line.js';
import { checkProjectKeys } from '../src/project-key.js';
import { addressGroup } from '../src/server/address-group.js';
import { createTokenBuckets } from '../src/server/token-buckets.js';
import { sampleEnvelope } from './sample-envelope.js';
import { post, startedCollector, temporaryFolder } from './started-collector.js';

const secret = 'shop-0123456789abcdef';
const keys = [
  { name: 'shop', secret, apps: ['chat-web'], origins: ['https://shop.example'] },
  { name: 'other', secret: 'other-0123456789abcdef' },
];

/** As `fetch`, which may not send an `Origin` of its own choice everywhere. */
function send(collector: Collector, method: string, headers: Record<string, string>, body?: object) {
  return new Promise<{ status: number | undefined; allowed: string | undefined }>((resolve, reject) => {
    const sent = request(collector.recordsUrl, { method, headers: { 'content-type': 'text/plain', ...headers } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      const allowed = response.headers['access-control-allow-origin'];
      response.on('end', () => resolve({ status: response.statusCode, allowed }));
    });
    sent.end(body && JSON.stringify(body));
  });
}

describe('a project key', () => {
  it('is asked for once there is one', async () => {
    const collector = await startedCollector({ keys });
    const without = await post(collector, sampleEnvelope());
    expect([without.status, without.answer.error]).toEqual([401, expect.stringContaining('X-Project-Key')]);
    expect(without.headers.get('access-control-allow-origin')).toBe('*');
    expect((await post(collector, sampleEnvelope(), { 'x-project-key': `${secret}x` })).status).toBe(401);
  });

  it.each([
    ['Authorization', '', { authorization: `Bearer ${secret}` }],
    ['X-Project-Key', '', { 'x-project-key': secret }],
    ['the address, which needs no preflight', `?key=${secret}`, {}],
  ])('may come in %s', async (_, query, headers) => {
    const collector = await startedCollector({ keys });
    const recordsUrl = collector.recordsUrl + query;
    expect((await post({ ...collector, recordsUrl }, sampleEnvelope(), headers)).status).toBe(200);
  });

  it('lets nobody read', async () => {
    const collector = await startedCollector({ keys, readToken: 'read-token' });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await fetch(`${collector.url}/api/overview`, { headers })).status).toBe(401);
    expect((await fetch(`${collector.url}/metrics`, { headers })).status).toBe(401);
  });

  it('is bound to its apps', async () => {
    const collector = await startedCollector({ keys });
    const foreign = sampleEnvelope({ app: { name: 'spam' } });
    const refused = await post(collector, foreign, { 'x-project-key': secret });
    expect([refused.status, refused.answer.error]).toEqual([403, expect.stringContaining('"spam"')]);
    expect((await post(collector, foreign, { 'x-project-key': 'other-0123456789abcdef' })).status).toBe(200);
  });

  it('is bound to its origins, and the preflight says so', async () => {
    const collector = await startedCollector({ keys: keys.slice(0, 1) });
    const from = (origin: string) => ({ origin, 'x-project-key': secret });
    const body = sampleEnvelope();
    expect(await send(collector, 'POST', from('https://shop.example'), body)).toEqual({ status: 200, allowed: '*' });
    expect((await send(collector, 'POST', from('https://evil.example'), body)).status).toBe(403);
    expect((await send(collector, 'POST', from('null'), body)).status).toBe(403);
    expect((await send(collector, 'OPTIONS', from('https://shop.example'))).allowed).toBe('*');
    expect((await send(collector, 'OPTIONS', from('https://evil.example'))).allowed).toBeUndefined();
  });

  it('is in no answer, metric or log', async () => {
    const told: string[] = [];
    const logger: CollectorLogger = { info: (text) => void told.push(text), error: (text) => void told.push(text) };
    const collector = await startedCollector({ keys, logger });
    const recordsUrl = `${collector.recordsUrl}?key=${secret}`;
    await post({ ...collector, recordsUrl }, sampleEnvelope());
    told.push(
      JSON.stringify((await post({ ...collector, recordsUrl }, sampleEnvelope({ app: { name: 'no' } }))).answer),
    );
    told.push(await (await fetch(`${recordsUrl}&x=1`)).text());
    told.push(await (await fetch(`${collector.url}/metrics`)).text());
    expect(told.join('\n')).toContain('project_requests_total{project="shop"} 2');
    expect(told.join('\n')).not.toContain(secret);
  });
});

describe('the options of keys', () => {
  const optionsOf = (...args: string[]) => {
    const command = parseCommandLine(args, {});
    return command.name === 'start' ? command.options : undefined;
  };

  it('come several times and from a file', () => {
    const file = join(temporaryFolder(), 'keys.json');
    writeFileSync(file, JSON.stringify(keys.slice(0, 1)));
    expect(optionsOf('--key', 'a=0123456789abcdef', '--key', 'b=fedcba9876543210', '--keys', file)?.keys).toEqual([
      { name: 'a', secret: '0123456789abcdef' },
      { name: 'b', secret: 'fedcba9876543210' },
      keys[0],
    ]);
  });

  it.each([
    [['--key', secret], /needs a name/],
    [['--key', 'a=short'], /secret of a must consist of 16/],
    [['--keys', '/nowhere'], '--keys /nowhere cannot be read (ENOENT).'],
    [['--trust-proxy', 'yes'], /--trust-proxy takes the number/],
    [['--trust-proxy', 'abc'], /--trust-proxy takes the number/],
    [['--trust-proxy', '10.0.0.0/8, 10.0.0.0/33'], /--trust-proxy takes the number/],
    [['--rate-per-key', '-1'], /--rate-per-key/],
    [['--max-connections', '0'], '--max-connections takes a whole number from 1 to 999999999, not "0".'],
  ])('%j are refused without a secret in the text', (args, error) => {
    expect(() => optionsOf(...args)).toThrow(error);
    expect(() => optionsOf(...args)).not.toThrow(secret);
  });
});

it('refuses a limit of a key that is misspelt', () => {
  const misspelt: object = { ...keys[0], orgins: ['https://shop.example'] };
  expect(() => checkProjectKeys([misspelt as ProjectKey])).toThrow(
    'keys: a key has an unknown field "orgins"; the fields are name, secret, apps and origins.',
  );
});

describe('the rate', () => {
  it('of an address is limited, with the time after which it may come again', async () => {
    const collector = await startedCollector({ ratePerAddress: 1 });
    const answers = [];
    for (let sent = 0; sent < 30; sent += 1) answers.push(await post(collector, sampleEnvelope()));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.slice(0, 10).every(({ status }) => status === 200)).toBe(true);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.headers.get('access-control-expose-headers')).toBe('Retry-After');
  });

  it('counts addresses behind a trusted proxy apart, and believes nobody else', async () => {
    for (const [trustProxy, statuses] of [
      [1, [200, 200]],
      [undefined, [200, 429]],
    ] as const) {
      const collector = await startedCollector({ ratePerAddress: 1, ...(trustProxy && { trustProxy }) });
      let last = 200;
      const from = async (address: string) =>
        (await post(collector, sampleEnvelope(), { 'x-forwarded-for': address })).status;
      while (last === 200) last = await from('192.0.2.1');
      expect([200, await from('192.0.2.2')]).toEqual(statuses);
    }
  });

  it('gives tokens back by time and forgets what was used longest ago', () => {
    const buckets = createTokenBuckets(2);
    const burst = Array.from({ length: 21 }, () => buckets.take('a', 0));
    expect([burst.slice(0, 20).every((wait) => wait === 0), burst[20]]).toEqual([true, 1]);
    expect([buckets.take('a', 400), buckets.take('a', 500), buckets.take('b', 500)]).toEqual([1, 0, 0]);
    expect(buckets.take('a', 0)).toBe(1);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('takes %s for %s', (address, group) => expect(addressGroup(address)).toBe(group));
});
