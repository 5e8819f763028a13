import { expect, it } from 'vitest';
import { childCollector } from './child-collector.js';
import { temporaryFolder } from './started-collector.js';
import { surviveAKilledCollector } from './survive-a-killed-collector.js';

it('loses and doubles nothing when one of two collectors on one folder is killed', { timeout: 120_000 }, async () => {
  const data = temporaryFolder();
  await surviveAKilledCollector(data, '--data', data);
});

it('makes the database once when several start at the same time', { timeout: 60_000 }, async () => {
  const data = temporaryFolder();
  const children = await Promise.all([1, 2, 3].map(() => childCollector('--port', '0', '--data', data)));
  const urls = await Promise.all(children.map(({ recordsUrl }) => recordsUrl));
  expect([urls.filter((url) => url === undefined), children.map(({ errors }) => errors())]).toEqual([[], ['', '', '']]);
});
