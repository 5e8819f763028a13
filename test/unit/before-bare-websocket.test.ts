import { expect, test } from 'vitest';
import { beforeBareWebSocket } from '../../src/diagnosis/before-bare-websocket.js';
import type { Signal, SignalOf, WebSocketObservation } from '../../src/signals/signal.js';
import type { RuntimeFacts } from '../../src/signals/timeline.js';

const about = { phase: 'upgrade', namespace: '/', since: 20 } as const;
const refused: Signal = { kind: 'upgrade-failed', transport: 'websocket', how: 'refused', at: 20, attempt: 1 };
const unknownSession = { status: 400, body: { is: 'engineio-error', code: 1 } } as const;

function answered(
  name: 'unused-path' | 'session-upgrade',
  answer: 'yes' | 'no' | 'unknown',
  told: Partial<WebSocketObservation> = {},
): Signal {
  const websocket = { result: answer === 'yes' ? ('silent' as const) : ('rejected' as const), ...told };
  return { kind: 'probe', name, answer, websocket, durationMs: 5, at: 30, attempt: 1 };
}

function before(kind: RuntimeFacts['kind'], ...signals: Signal[]) {
  return beforeBareWebSocket({ runtime: { kind, engine: 'unknown' }, signals: [refused, ...signals] }, about);
}

test('in Node an upgrade is first asked for with a session, and not without one where Engine.IO does not know that', () => {
  expect(before('node')).toBe('session-upgrade');
  expect(before('node', answered('session-upgrade', 'no', unknownSession))).toBe('never');
  // The page of a proxy.
  expect(before('node', answered('session-upgrade', 'no', { status: 400, body: { is: 'html' } }))).toBeUndefined();
  expect(before('node', answered('session-upgrade', 'yes'))).toBeUndefined();
  expect(before('node', answered('session-upgrade', 'unknown'))).toBeUndefined();
  // A client with cookies in Node, which the question does not have.
  expect(before('node', answered('session-upgrade', 'unknown', unknownSession))).toBe('never');
});

test('a question for a session that got no answer leaves open whether two servers take a WebSocket without one', () => {
  const { websocket: _, ...unanswered } = answered('session-upgrade', 'unknown') as SignalOf<'probe'>;
  expect(before('node', unanswered)).toBe('never');
});

test.each(['browser', 'worker', 'react-native'] as const)('in %s another path is asked for before', (kind) => {
  const [cut, other] = [answered('unused-path', 'yes'), answered('unused-path', 'no')];
  expect(before(kind)).toBe('unused-path');
  expect(before(kind, other)).toBeUndefined();
  expect(before(kind, cut)).toBe('session-upgrade');
  expect(before(kind, cut, answered('session-upgrade', 'no'))).toBe('never');
  expect(before(kind, cut, answered('session-upgrade', 'yes'))).toBeUndefined();
  // The page was busy meanwhile.
  const unknown = answered('unused-path', 'unknown', { heldBack: true });
  expect(before(kind, unknown)).toBe('session-upgrade');
  expect(before(kind, unknown, answered('session-upgrade', 'no'))).toBe('never');
});

test('nothing is asked before where the client asks without a session itself, or where several servers answer over HTTP', () => {
  const runtime = { kind: 'node', engine: 'node' } as const;
  const fallback: Signal = { ...refused, how: 'fallback' };
  const lost: Signal = {
    kind: 'connect-error',
    namespace: '/',
    source: 'transport',
    error: { message: 'xhr poll error', ...unknownSession },
    at: 10,
    attempt: 1,
  };
  expect(beforeBareWebSocket({ runtime, signals: [fallback] }, about)).toBeUndefined();
  expect(beforeBareWebSocket({ runtime, signals: [refused, lost] }, about)).toBeUndefined();
  expect(beforeBareWebSocket({ runtime, signals: [refused] }, { ...about, phase: 'connect' })).toBeUndefined();
});

test('what was answered before an earlier round ended is asked again', () => {
  const runtime = { kind: 'node', engine: 'node' } as const;
  const signals = [refused, answered('session-upgrade', 'yes')];
  expect(beforeBareWebSocket({ runtime, signals }, { ...about, askedSince: 1_000 })).toBe('session-upgrade');
});
