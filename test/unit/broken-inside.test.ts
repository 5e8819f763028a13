import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Envelope } from '../../src/delivery/envelope.js';
import { freePort } from '../faults/_kit/free-port.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { type AnySocket, createCleanup, dial, echo, next, nextTold, startEcho, watchHost } from './watched-client.js';

const cleanup = createCleanup();
let host: ReturnType<typeof watchHost>;
beforeEach(() => {
  host = watchHost();
  vi.resetModules();
});
afterEach(async () => {
  await cleanup.run();
  vi.doUnmock('../../src/causes/rules.js');
  vi.doUnmock('../../src/probes/probes.js');
  for (const tap of TAPS) vi.doUnmock(tap);
  await new Promise((resolve) => setImmediate(resolve));
  host.stop();
  expect(host.escaped).toEqual([]);
});

const dialled = (...args: Parameters<typeof dial>) => cleanup.add(dial(...args), (socket) => socket.disconnect());
const broken = (): never => {
  throw new Error('broken inside');
};

const TAPS = [
  '../../src/signals/timeline-recorder.js',
  '../../src/signals/tap-page.js',
  '../../src/signals/tap-manager.js',
  '../../src/signals/tap-engine.js',
  '../../src/signals/tap-socket.js',
  '../../src/signals/describe-error.js',
  '../../src/incidents/session-tracker.js',
  '../../src/incidents/incident-book.js',
  '../../src/support-bundle.js',
] as const;

/** Everything that the module exports, and everything that those make, throws. */
function brokenModule(actual: Record<string, unknown>, when: 'called' | 'used'): Record<string, unknown> {
  const breakResult = (result: unknown) =>
    Object(result) === result
      ? new Proxy(result as object, {
          get: (target, key) => (typeof Reflect.get(target, key) === 'function' ? broken : Reflect.get(target, key)),
        })
      : result;
  return Object.fromEntries(
    Object.entries(actual).map(([name, value]) => [
      name,
      typeof value !== 'function'
        ? value
        : when === 'called'
          ? broken
          : (...args: unknown[]) => breakResult((value as (...given: unknown[]) => unknown)(...args)),
    ]),
  );
}

async function freshlyLoaded() {
  const { createWithDiagnostics } = await import('../../src/observe.js');
  const { nodeRuntime } = await import('../../src/runtime/node.js');
  const warnings: string[] = [];
  const { judge } = await import('../../src/judge.js');
  const runtime = () => ({
    ...nodeRuntime(),
    warn: (message: string) => void warnings.push(message),
    isDevelopment: () => true,
  });
  const withDiagnostics = createWithDiagnostics(runtime, judge);
  return { withDiagnostics, warnings };
}

async function liveThrough(socket: AnySocket): Promise<void> {
  await next(socket, 'connect');
  expect(await echo(socket, 1)).toBe(1);
  const back = next(socket, 'connect');
  socket.io.engine?.transport?.close();
  await back;
  expect(await echo(socket, 2)).toBe(2);
}

for (const tap of TAPS) {
  for (const when of ['called', 'used'] as const) {
    test(`${tap.slice(10)} that throws when it is ${when}: the socket works, and it is counted and told once`, async () => {
      vi.doMock(tap, async (original) => brokenModule(await original(), when));
      const { withDiagnostics, warnings } = await freshlyLoaded();
      const envelopes: Omit<Envelope, 'records'>[] = [];
      const { url } = cleanup.add(await startEcho(), ({ close }) => close());
      const socket = withDiagnostics(dialled('4', url), {
        probe: 'never',
        collector: {
          send: async (_records, { envelope }) => {
            envelopes.push(envelope);
            return { ok: true };
          },
        },
      });
      const { diagnostics } = socket;
      await liveThrough(socket);
      diagnostics.snapshot();
      diagnostics.report();
      await diagnostics.flush();
      diagnostics.dispose();
      expect(await echo(socket, 3)).toBe(3);
      expect(warnings.length).toBeLessThanOrEqual(1);
      for (const message of warnings) expect(message).toMatch(/an internal error was counted|is not watched/);
      for (const { dropped } of envelopes)
        expect(Object.keys(dropped)).toEqual(expect.not.arrayContaining(['undefined']));
    });
  }
}

test('errors inside are counted in what is sent', async () => {
  vi.doMock('../../src/signals/describe-error.js', async (original) => brokenModule(await original(), 'called'));
  const { withDiagnostics, warnings } = await freshlyLoaded();
  const port = await freePort();
  const dropped: Envelope['dropped'][] = [];
  const socket = withDiagnostics(dialled('4', `http://127.0.0.1:${port}`, { transports: ['websocket'] }), {
    probe: 'never',
    collector: {
      send: async (_records, { envelope }) => {
        dropped.push(envelope.dropped);
        return { ok: true };
      },
    },
  });
  await next(socket, 'connect_error');
  cleanup.add(await startEcho({ port }), ({ close }) => close());
  await next(socket, 'connect');
  await socket.diagnostics.flush();
  expect(dropped[0]?.['internal-error']).toBeGreaterThan(0);
  expect(warnings).toEqual(['an internal error was counted, please report it: Error: broken inside']);
});

test('figures that cannot be kept do not keep a failure from being judged', async () => {
  vi.doMock('../../src/incidents/session-tracker.js', async (original) => brokenModule(await original(), 'used'));
  const { withDiagnostics } = await freshlyLoaded();
  const socket = withDiagnostics(dialled('4', `http://127.0.0.1:${await freePort()}`), { probe: 'never' });
  await vi.waitFor(() => expect(socket.diagnostics.current?.diagnosis.code).toBe('server-unreachable'));
});

test('rules that throw leave the answer to the others, and to `unclassified` when none is left', async () => {
  vi.doMock('../../src/causes/rules.js', async (original) => {
    const { rules } = await original<typeof import('../../src/causes/rules.js')>();
    return { rules: rules.map((rule) => ({ ...rule, match: broken })) };
  });
  const { withDiagnostics } = await freshlyLoaded();
  const socket = withDiagnostics(dialled('4', `http://127.0.0.1:${await freePort()}`), { probe: 'never' });
  const { diagnosis } = await nextTold<{ diagnosis: object }>(socket.diagnostics, 'diagnosis');
  expect(diagnosis).toMatchObject({ code: 'unclassified', certainty: 'suspected' });
});

for (const method of ['cost', 'isPossible', 'ask'] as const) {
  test(`probes whose \`${method}\` throws do not keep an answer from being told`, async () => {
    let calls = 0;
    vi.doMock('../../src/probes/probes.js', async (original) => {
      const { probes } = await original<typeof import('../../src/probes/probes.js')>();
      const breakProbe = (probe: object) => ({
        ...probe,
        [method]: () => {
          calls += 1;
          return broken();
        },
      });
      return { probes: Object.fromEntries(Object.entries(probes).map(([name, probe]) => [name, breakProbe(probe)])) };
    });
    const { withDiagnostics, warnings } = await freshlyLoaded();
    // An answer that more than one cause gives, so that there is something to ask.
    const { url } = cleanup.add(await startHttp({ status: 404, body: 'Not found' }), ({ close }) => close());
    const socket = withDiagnostics(dialled('4', url), { probe: { cooldownMs: 0 } });
    await nextTold(socket.diagnostics, 'diagnosis');
    expect(calls).toBeGreaterThan(0);
    const report = await socket.diagnostics.check();
    if (method === 'ask') expect(report.probes.every(({ answer, why }) => answer === 'unknown' && why)).toBe(true);
    expect(warnings).toHaveLength(1);
  });
}
