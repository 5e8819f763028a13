import { expect, it } from 'vitest';
import { instantMs } from '../src/ingest/instant-ms.js';

it('reads what toISOString makes', () => {
  for (const text of [
    '2026-11-21T10:20:30.456Z',
    '1969-12-31T23:59:59.999Z',
    '2024-02-29T00:00:00.000Z',
    '0099-01-01T00:00:00.000Z',
  ])
    expect(new Date(instantMs(text)).toISOString()).toBe(text);
});

it.each([
  ['another form', '2026-11-21T10:20:30+01:00'],
  ['no milliseconds', '2026-11-21T10:20:30Z'],
  ['more digits', '2026-11-21T10:20:30.456789Z'],
  ['the end of a day', '2026-11-21T24:00:00.000Z'],
  ['a day that its month does not have', '2026-02-31T10:20:30.456Z'],
])('says what Date.parse says where there is %s', (_case, text) => {
  expect(instantMs(text)).toBe(Date.parse(text));
  expect(instantMs(text)).not.toBeNaN();
});

it.each([
  '',
  'soon',
  '2026-11-21',
  '2026-13-21T10:20:30.456Z',
  '2026-00-21T10:20:30.456Z',
  '2026-11-32T10:20:30.456Z',
  '2026-11-21T25:20:30.456Z',
  '2026-11-21T10:60:30.456Z',
  '2026-11-21T10:20:60.456Z',
  '2026-11-21T10:20:30.4x6Z',
  '2o26-11-21T10:20:30.456Z',
  '2026-11-21T10:20:30.456Z and more',
])('refuses %j', (text) => {
  expect(instantMs(text)).toBeNaN();
});
