import { describe, expect, test } from 'vitest';
import { createFacts } from '../../src/diagnosis/facts.js';
import type { ProbeContext } from '../../src/probes/probe.js';
import { swappedScheme } from '../../src/probes/swapped-scheme.js';
import { unusedPath } from '../../src/probes/unused-path.js';
import type { HttpAnswer, Runtime } from '../../src/runtime/runtime.js';
import type { Signal } from '../../src/signals/signal.js';
import type { Timeline } from '../../src/signals/timeline.js';
import { fakeRuntime } from './fake-runtime.js';
import { contextWith } from './page-context.js';

type Engine = Runtime['engine'];

const common = contextWith({ transports: ['websocket'], timeoutMs: 2_000 });

function outage(engine: Engine, ...sources: ('transport' | 'timeout')[]): Timeline {
  const signals = sources.map((source, index) => ({
    kind: 'connect-error',
    namespace: '/',
    source,
    transport: 'websocket',
    error: { message: source === 'timeout' ? 'timeout' : 'websocket error' },
    at: index * 1_000,
    attempt: index + 1,
  }));
  const kind = engine === 'node' ? 'node' : 'browser';
  return { schema: 1, ...common, runtime: { kind, engine }, signals: signals as Signal[], droppedSignals: 0 };
}

describe("the browser's own wait after failed WebSockets", () => {
  const refused = ['transport', 'transport', 'transport', 'transport'] as const;

  test.each<Engine>(['firefox', 'chromium'])('is no time-out of the server in %s', (engine) => {
    const { connecting } = createFacts(outage(engine, ...refused, 'timeout'));
    expect(connecting).toMatchObject({ timedOut: false, signal: { attempt: 4 } });
  });

  test.each<Engine>(['webkit', 'node'])('does not exist in %s', (engine) => {
    expect(createFacts(outage(engine, ...refused, 'timeout')).connecting?.timedOut).toBe(true);
  });

  test('is not supposed before there were failures', () => {
    expect(createFacts(outage('firefox', 'timeout', 'timeout')).connecting?.timedOut).toBe(true);
  });
});

describe('the second by which a server under another path is known', () => {
  function askedBy(engine: Engine, isClientDialling: () => boolean, failedWebSockets = 0) {
    const runtime = fakeRuntime({
      engine,
      openWebSocket: async () => ({ result: 'rejected', closeCode: 1006, messages: [], durationMs: 1_200 }),
    });
    const context = { ...common, runtime, namespace: '/', phase: 'connect', timeoutMs: 5_000, isClientDialling };
    return { runtime, answer: unusedPath.ask({ ...context, failedWebSockets } as unknown as ProbeContext) };
  }

  test('is measured once the client has stopped dialling', async () => {
    let isDialling = true;
    const { runtime, answer } = askedBy('firefox', () => isDialling);
    await runtime.advance(1_000);
    isDialling = false;
    await runtime.advance(1_000);
    expect(await answer).toMatchObject({ answer: 'yes' });
  });

  test('proves nothing while the client goes on dialling', async () => {
    const { runtime, answer } = askedBy('chromium', () => true);
    await runtime.advance(5_000);
    expect(await answer).toMatchObject({ answer: 'unknown', websocket: { heldBack: true } });
  });

  test('proves nothing where the page stood still meanwhile', async () => {
    let nowMs = 0;
    const runtime = fakeRuntime({
      monotonicMs: () => nowMs,
      openWebSocket: async () => {
        nowMs += 1_100;
        return { result: 'rejected', closeCode: 1006, messages: [], durationMs: 1_100 };
      },
    });
    const context = { ...common, runtime, namespace: '/', phase: 'connect', timeoutMs: 5_000, failedWebSockets: 0 };
    const answer = await unusedPath.ask({ ...context, isClientDialling: () => false } as unknown as ProbeContext);
    expect(answer).toMatchObject({ answer: 'unknown', websocket: { heldBack: true } });
    expect(runtime.timers).toBe(0);
  });

  test('needs no wait in WebKit, which opens several at once', async () => {
    expect(await askedBy('webkit', () => true).answer).toMatchObject({ answer: 'yes' });
  });
});

describe('the other scheme', () => {
  function askedOf(http: Partial<HttpAnswer>, messages: readonly string[]) {
    const runtime = fakeRuntime({
      page: { scheme: 'http:', host: 'app.example', hostname: 'app.example' },
      request: async () => ({ result: 'failed', durationMs: 1, ...http }) as HttpAnswer,
      openWebSocket: async () => ({ result: messages.length > 0 ? 'message' : 'rejected', messages, durationMs: 1 }),
    });
    const context = { ...common, runtime, namespace: '/', phase: 'connect', timeoutMs: 5_000, failedWebSockets: 0 };
    return swappedScheme.ask({ ...context, isClientDialling: () => false } as unknown as ProbeContext);
  }

  test('is found by a WebSocket where the answer over HTTP may not be read', async () => {
    expect(await askedOf({}, ['0{"sid":"a"}'])).toMatchObject({ answer: 'yes' });
    expect(await askedOf({}, [])).toMatchObject({ answer: 'no' });
  });

  test('is not found where a TLS port complains of plain HTTP', async () => {
    const complaint = { result: 'answered', status: 400, body: '<h1>400 Bad Request</h1>' } as const;
    expect(await askedOf(complaint, [])).toMatchObject({ answer: 'no' });
    expect(await askedOf({ ...complaint, status: 404 }, [])).toMatchObject({ answer: 'yes' });
  });
});
