import { expect, test } from 'vitest';
import { createProber } from '../../src/prober.js';
import type { ProbeResult } from '../../src/signals/signal.js';
import type { Timeline } from '../../src/signals/timeline.js';
import { fakeRuntime } from './fake-runtime.js';
import { pageContext } from './page-context.js';

const timeline: Timeline = {
  schema: 1,
  ...pageContext,
  target: { ...pageContext.target, secure: false, port: '80' },
  signals: [],
  droppedSignals: 0,
};

/** What every question is answered with where nothing can be reached. */
function answersWithout(missing?: 'fetch' | 'WebSocket'): Promise<Map<string, ProbeResult>> {
  return answersIn({
    lacks: (name) => name === missing,
    openWebSocket: async () => ({
      result: missing === 'WebSocket' ? 'threw' : 'rejected',
      messages: [],
      durationMs: 1,
    }),
  });
}

async function answersIn(overrides: Parameters<typeof fakeRuntime>[0]): Promise<Map<string, ProbeResult>> {
  const runtime = fakeRuntime(overrides);
  const answers = new Map<string, ProbeResult>();
  const prober = createProber({
    runtime,
    manager: { on() {} },
    limits: () => undefined,
    target: () => timeline.target,
    timeline: () => timeline,
    isKnownSid: () => false,
    onInternalError(error) {
      throw error;
    },
  });
  const about = { phase: 'connect', namespace: '/', since: 0 } as const;
  const asked = prober.askAll(about, 5_000, (answer) => answers.set(answer.name, answer));
  await runtime.advance(60_000);
  await asked;
  return answers;
}

test('silence is an answer where somebody was asked', async () => {
  const answers = await answersWithout();
  expect(answers.get('http-reachable')).toMatchObject({ answer: 'no', http: { result: 'failed' } });
  expect(answers.get('websocket-handshake')).toMatchObject({ answer: 'no' });
});

test('without fetch nothing over HTTP is known, and what WebSockets tell still is', async () => {
  const answers = await answersWithout('fetch');
  expect(answers.get('http-reachable')).toMatchObject({ answer: 'unknown', why: 'there is no fetch' });
  expect(answers.get('http-handshake')).toMatchObject({ answer: 'unknown' });
  expect(answers.get('swapped-scheme')).toMatchObject({ answer: 'unknown' });
  expect(answers.get('websocket-handshake')).toMatchObject({ answer: 'no' });
});

test('a WebSocket that does not exist was not blocked', async () => {
  const answers = await answersWithout('WebSocket');
  expect(answers.get('websocket-handshake')).toMatchObject({ answer: 'unknown', why: 'there is no WebSocket' });
  expect(answers.get('http-reachable')).toMatchObject({ answer: 'no' });
});

test('a limit that rang late in a page that stood still is no silence of the server', async () => {
  const after = (durationMs: number) =>
    answersIn({
      openWebSocket: async () => ({ result: 'timeout', messages: [], durationMs }),
      request: async () => ({ result: 'timeout', headerNames: [], durationMs }),
    });
  const onTime = await after(5_010);
  expect(onTime.get('websocket-handshake')).toMatchObject({ answer: 'no', websocket: { result: 'timeout' } });
  expect(onTime.get('http-reachable')).toMatchObject({ answer: 'no', http: { result: 'timeout' } });
  const late = await after(9_000);
  for (const name of ['websocket-handshake', 'http-reachable', 'http-handshake']) {
    expect(late.get(name)).toMatchObject({ answer: 'unknown', durationMs: 9_000 });
    expect(late.get(name)).not.toHaveProperty('http');
  }
});
