import { expect, it } from 'vitest';
import { isServerSid } from '../../src/signals/is-server-sid.js';

it.each([
  // engine.io 1.8, 3.6 and 6.6, the last after a million sessions; python-engineio 4.
  'Dinmji0oVdkZkOPDAAAA',
  'vgjuaPuMbb0GbhDnAAAB',
  'oX7-qPbW4ZrTe_kLD0JA',
  '6b1f4d0e-3c52-4a7e-9f60-1d2c3b4a5e6f',
])('knows %s for one that a server makes', (sid) => {
  expect(isServerSid(sid)).toBe(true);
});

it.each([
  '',
  '********************',
  'AAAAAAAAAAAAAAAAAAAA',
  'REDACTED',
  '00000000-0000-0000-0000-000000000000',
  'Dinm****************',
  'dinmji0ovdkzkopdaaaa',
  '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
])('takes %s for a mask', (sid) => {
  expect(isServerSid(sid)).toBe(false);
});
