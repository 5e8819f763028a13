import type { HttpObservation, SignalOf } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** The minimum time of an upgrade to a foreign path: `destroyUpgradeTimeout`, 1,000 ms by default (engine.io lib/server.ts). */
export const DESTROYED_AFTER_MS = 900;
/**
 * If HTTP takes longer than half of that second, it is delayed itself (HAProxy retries a dead server after one second), and so is
 * WebSocket.
 */
const SLOW_HTTP_MS = 500;
/** The maximum distance between two cuts by the same timer, in milliseconds. */
const SAME_TIMER_MS = 600;

/**
 * Whether an Engine.IO server is attached to this address under another path, recognized by the second after which it cuts a WebSocket that
 * is not its own. The second counts only if HTTP is fast and if it is a cut: a response with a status comes from something else, except for
 * a proxy's 502. `undefined` if it was not probed; `unknown` if the result proves neither.
 */
export function fingerprint(facts: Facts): 'yes' | 'no' | 'unknown' | undefined {
  const unused = facts.probe('unused-path');
  if (!unused) return isCutElsewhere(facts) ? 'yes' : undefined;
  if (unused.answer === 'unknown') return 'unknown';
  const { websocket } = unused;
  if (unused.answer === 'no') {
    // A timer of another length, or none, leads to a cut or a hang; only a quick response in words indicates another server.
    const isAnswered =
      websocket?.result === 'rejected' && (facts.runtime.kind !== 'node' || websocket.status !== undefined);
    return isAnswered ? 'no' : 'unknown';
  }
  if (websocket?.status !== undefined && websocket.status !== 502) return 'unknown';
  const httpMs = answeredAfterMs(facts) ?? afterMs(facts, 'failed');
  // Something that hangs up on everybody after a while is no timer for WebSockets. Where HTTP has no end to compare with (servers without a
  // request handler leave it hanging, and Firefox sends again what was hung up on), only the default second is left to recognize it by.
  const isTimer = httpMs === undefined ? isDefaultSecond(unused) : httpMs < SLOW_HTTP_MS;
  return isTimer ? 'yes' : 'unknown';
}

/** A path that the app may have meant and that is not the server's own is as good as an unused one, if the round ended before that. */
function isCutElsewhere(facts: Facts): boolean {
  const other = facts.probe('other-path');
  const httpMs = answeredAfterMs(facts);
  return (
    other?.answer === 'no' &&
    other.websocket?.status === undefined &&
    cutAfterMs(other) >= DESTROYED_AFTER_MS &&
    httpMs !== undefined &&
    httpMs < SLOW_HTTP_MS
  );
}

/** How long a response over HTTP takes here; `undefined` if none was seen. */
function answeredAfterMs(facts: Facts): number | undefined {
  return afterMs(facts, 'answered', 'opaque');
}

/** After how long a probe over HTTP ended in one of these ways. */
function afterMs(facts: Facts, ...results: readonly HttpObservation['result'][]): number | undefined {
  const probes = [facts.probe('http-handshake'), facts.probe('http-reachable')];
  return probes.find((probe) => probe?.http && results.includes(probe.http.result))?.durationMs;
}

/**
 * Whether a WebSocket to the requested path itself was cut after an Engine.IO server's second, while HTTP is fast and a WebSocket to
 * another path was not delayed as well.
 */
export function isCutByTimer(facts: Facts, own: SignalOf<'probe'>): boolean {
  const { result, status } = own.websocket ?? {};
  const unused = facts.probe('unused-path');
  const httpMs = answeredAfterMs(facts);
  return (
    cutAfterMs(own) >= DESTROYED_AFTER_MS &&
    isDefaultSecond(own) &&
    result === 'rejected' &&
    (status === undefined || status === 502) &&
    httpMs !== undefined &&
    httpMs < SLOW_HTTP_MS &&
    unused !== undefined &&
    unused.durationMs < SLOW_HTTP_MS
  );
}

function isDefaultSecond({ durationMs }: SignalOf<'probe'>): boolean {
  return durationMs <= DESTROYED_AFTER_MS + SAME_TIMER_MS;
}

/** Milliseconds after which a WebSocket was cut; 0 where it hung instead, or where the browser may have waited before it tried. */
export function cutAfterMs(probe: SignalOf<'probe'> | undefined): number {
  return probe?.websocket?.result !== 'rejected' || probe.websocket.heldBack ? 0 : probe.durationMs;
}

/** Whether the requested path was cut by the same timer as the unused one, and so is not the server's own either. */
export function isCutAlike(own: SignalOf<'probe'> | undefined, unused: SignalOf<'probe'> | undefined): boolean {
  return (
    own?.websocket?.result === 'rejected' &&
    !own.websocket.heldBack &&
    unused !== undefined &&
    (own.websocket.status === undefined || own.websocket.status === 502) &&
    Math.abs(own.durationMs - unused.durationMs) <= SAME_TIMER_MS
  );
}

/**
 * Whether the Engine.IO server that cuts other paths after its second rejects the requested one at once: then the path is its own, and
 * something in the server says no, as a `cors.origin` function with an error does.
 */
export function isRefusedAtOnce(facts: Facts): boolean {
  const own = facts.probe('websocket-handshake');
  const ownMs = cutAfterMs(own);
  return (
    fingerprint(facts) === 'yes' && own?.websocket?.status === undefined && ownMs > 0 && ownMs < DESTROYED_AFTER_MS / 2
  );
}
