import { isServerSid } from './is-server-sid.js';
import type { Handshake } from './signal.js';

/** What the data of an Engine.IO handshake says, even if parts are missing. The session id is left out. */
export function readHandshake(data: Record<string, unknown>, transport: string, isLate: boolean): Handshake {
  const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = data;
  const isComplete =
    typeof sid === 'string' &&
    Array.isArray(upgrades) &&
    typeof pingInterval === 'number' &&
    typeof pingTimeout === 'number';
  return {
    kind: 'handshake',
    transport,
    upgrades: Array.isArray(upgrades) ? upgrades.filter((name) => typeof name === 'string') : [],
    ...(typeof pingInterval === 'number' && { pingIntervalMs: pingInterval }),
    ...(typeof pingTimeout === 'number' && { pingTimeoutMs: pingTimeout }),
    ...(typeof maxPayload === 'number' && { maxPayloadBytes: maxPayload }),
    ...(isLate ? { late: true } : !isComplete && { incomplete: true }),
    ...(typeof sid === 'string' && !isServerSid(sid) && { strangeSid: true }),
  };
}
