import { expect, it } from 'vitest';
import { readBasePath } from '../src/base-path.js';
import { sampleEnvelope } from './sample-envelope.js';
import { post, read, startedCollector } from './started-collector.js';

it.each([
  ['/diagnostics', '/diagnostics'],
  ['/diagnostics/', '/diagnostics'],
  ['/ops/socket.io_v4~1', '/ops/socket.io_v4~1'],
  ['/', ''],
])('takes %s', (text, path) => expect(readBasePath(text)).toBe(path));

it.each(['diagnostics', '', '//', '/a//b', '/a/../b', '/a b', '/a?b', '/a#b', '/%41', 'https://example.com/a', '/<a>'])(
  'refuses %j and says what is taken',
  (text) => expect(() => readBasePath(text)).toThrow(/^--base-path takes a path such as \/diagnostics, .*, not "/),
);

it('refuses whatever its own addresses begin with', async () => {
  const collector = await startedCollector();
  const { body } = await read(collector, '/nowhere');
  const parts = (body.routes as string[]).map((route) => route.split(/[ /]+/)[1] ?? '');
  expect(parts.length).toBeGreaterThan(20);
  for (const part of [...parts, 'assets']) {
    if (part !== '')
      expect(() => readBasePath(`/${part}/more`)).toThrow(`--base-path cannot begin with /${part}, which`);
  }
});

it('answers with and without the path, and tells its addresses with it', async () => {
  const collector = await startedCollector({ basePath: '/diagnostics/' });
  expect(collector.recordsUrl).toBe(`${collector.url}/v1/records`);
  expect(collector.dashboardUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/diagnostics\/$/);
  expect((await post(collector, sampleEnvelope())).status).toBe(200);
  const root = new URL(collector.url).origin;
  for (const from of [root, `${root}/diagnostics`]) {
    const answer = await fetch(`${from}/api/overview?period=24h`);
    expect(await answer.json()).toMatchObject({ incidents: 1 });
    expect((await fetch(`${from}/healthz`)).status).toBe(200);
  }
  for (const elsewhere of ['/diagnosticss/healthz', '/diagnostics/diagnostics/healthz', '/Diagnostics/healthz']) {
    expect((await fetch(root + elsewhere)).status).toBe(404);
  }
  const bare = await fetch(`${root}/diagnostics?period=7d`, { redirect: 'manual' });
  expect([bare.status, bare.headers.get('location')]).toEqual([307, '/diagnostics/?period=7d']);
});
