import { expect, it } from 'vitest';
import { urlFlaw } from '../../src/signals/url-flaw.js';

it.each([
  'http://localhost:3000',
  'https://api.example.com',
  'wss://user:p%40ss@api.example.com/chat?token=a:b//c',
  'http://http:3000/chat',
  'http://api_v2.internal:3000//chat',
  'http://[::1]:3000',
  'http://[fe80::1%eth0]:3000/chat',
  'http://bücher.example:443',
  // As the client completes `io(':3000')` and an URL with an empty port.
  'http://:3000',
  'http://localhost:/chat',
  // The server is dialled all the same: a namespace is what the rest becomes.
  'http://localhost:3000"',
  // Given to the Manager itself, which finds its way.
  'localhost:3000',
  'file://localhost:3000',
  undefined,
])('finds nothing wrong with %s', (uri) => {
  expect(urlFlaw(uri)).toBeUndefined();
});

it.each([
  ['undefined//localhost:3000', 'scheme'],
  ['http://HTTP://localhost:3000', 'scheme'],
  ['http://htp://localhost', 'scheme'],
  ['https://https//localhost', 'scheme'],
  ['http://null', 'host'],
  ['http:// http://localhost', 'host'],
  ['http://{{API_URL}}/chat', 'host'],
  ['http://localhost:NaN/chat', 'port'],
  ['http://localhost:0', 'port'],
  ['http://localhost::3000', 'port'],
])('finds what is wrong with %s', (uri, flaw) => {
  expect(urlFlaw(uri)).toBe(flaw);
});
