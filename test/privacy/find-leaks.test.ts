import { afterEach, describe, expect, test } from 'vitest';
import type { DiagnosticsRecord } from '../../src/delivery/envelope.js';
import type { DiagnosticsOptions } from '../../src/options.js';
import type { DrivenSocket } from '../faults/_kit/drive-client.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { type AnySocket, createCleanup, dial, nextTold, startEcho } from '../unit/watched-client.js';
import { type Sabotage, startNodeSpy } from './node-spy.js';
import { secret } from './seed-script.js';

const cleanup = createCleanup();
afterEach(() => cleanup.run());

type Inside = DrivenSocket & {
  readonly id?: string;
  readonly auth: { readonly token: string };
  readonly io: {
    readonly uri: string;
    readonly opts: {
      readonly extraHeaders: { readonly authorization: string; readonly cookie: string };
    };
    readonly engine?: { readonly id?: string };
  };
};

/** A client that connects, is cut off and connects again, spied on. */
async function leaksOf(sabotage: Sabotage = {}): Promise<string[]> {
  const { url } = cleanup.add(await startEcho(), ({ close }) => close());
  const { spy, diagnostics, socket } = await startSpiedClient(url, sabotage);
  await nextTold<{ change: string }>(diagnostics, 'incident', ({ change }) => change === 'resolved');
  socket.disconnect();
  return spy.finish();
}

async function startSpiedClient(url: string, sabotage: Sabotage) {
  const spy = await startNodeSpy(sabotage);
  const script = spy.seed({ url, options: { transports: ['websocket'] } });
  const socket = cleanup.add(dial('4', script.url, script.options), (one) => one.disconnect());
  const { diagnostics } = spy.wrap(socket as unknown as DrivenSocket);
  let isCut = false;
  socket.on('connect', () => {
    if (isCut) return;
    isCut = true;
    setTimeout(() => socket.io.engine?.transport?.close(), 50);
  });
  return { spy, diagnostics, socket: socket as AnySocket };
}

const leaking =
  (take: (socket: Inside) => unknown) =>
  (socket: DrivenSocket): DiagnosticsOptions => ({
    beforeSend: (record) => ({ ...record, leak: take(socket as unknown as Inside) }) as unknown as DiagnosticsRecord,
  });

describe('a secret in what is sent is found', () => {
  test.each<[string, (socket: Inside) => unknown]>([
    ['a query value', () => secret('query')],
    ['a token of `auth`', ({ auth }) => auth.token],
    ['a header value', ({ io }) => io.opts.extraHeaders.authorization],
    ['a cookie', ({ io }) => io.opts.extraHeaders.cookie],
    ['the user info of the URL', ({ io }) => io.uri],
    ['user info as a header encodes it', () => btoa(`user:${secret('password')}`)],
    ['the id of the socket', ({ id }) => `${id}`],
    ['the id of the session', ({ io }) => `${io.engine?.id}`],
    ['an event name of the app', () => secret('event')],
    ['a payload', () => ({ password: secret('payload') })],
    ['a stack trace', () => new Error('anything').stack],
  ])('%s', async (_name, take) => {
    const leaks = await leaksOf({ options: leaking(take) });
    expect(leaks.some((leak) => leak.startsWith('what the collector was sent'))).toBe(true);
  });

  test('a piece of a body that a server sent', async () => {
    const body = 'account 4711 has no row in the table of accounts';
    const { url } = cleanup.add(await startHttp({ status: 500, body }), ({ close }) => close());
    const { spy, diagnostics, socket } = await startSpiedClient(url, {
      options: leaking(() => `it said: ${body.slice(8, 40)}`),
    });
    await nextTold(diagnostics, 'diagnosis');
    socket.disconnect();
    const leaks = await spy.finish();
    expect(leaks.some((leak) => leak.includes('a piece of what a server sent'))).toBe(true);
  });
});

test('a secret in a question is found', async () => {
  const { url } = cleanup.add(await startHttp({ status: 404 }), ({ close }) => close());
  const { spy, diagnostics, socket } = await startSpiedClient(url, {
    runtime: ({ request }) => ({
      request: (question) => request({ ...question, url: `${question.url}&token=${secret('query')}` }),
    }),
  });
  await nextTold(diagnostics, 'diagnosis');
  socket.disconnect();
  const leaks = await spy.finish();
  expect(leaks.map((leak) => leak.slice(0, 23))).toContain('what was asked and sent');
});

test('a secret that is only written to the console is found', async () => {
  const leaks = await leaksOf({
    options: () => ({
      // What an app's callback throws is written to the console as it is.
      onDiagnosis() {
        throw new Error(secret('message'));
      },
    }),
  });
  expect(leaks.some((leak) => leak.startsWith('what was written to the console'))).toBe(true);
});

test('and nothing is found where nothing leaks', async () => {
  expect(await leaksOf()).toEqual([]);
});
