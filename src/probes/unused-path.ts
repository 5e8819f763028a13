import type { Probe } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

/**
 * engine.io destroys an upgrade to a path that is not its own after one second (`destroyUpgradeTimeout`); others reject at once. Measured:
 * 1,005 to 2,308 ms with such a server in three browser engines, at most 682 ms without.
 */
const FINGERPRINT_MS = { from: 900, to: 3_000 };
/** Browsers delay WebSockets after failures (Chromium after about twelve), which would look like that second. */
const MAX_FAILED_WEBSOCKETS = 8;

/** Is an Engine.IO server attached to this address under some other path? Probed at a random path that nobody serves. */
export const unusedPath: Probe = {
  name: 'unused-path',
  cost: () => 1,
  isPossible: () => true,
  async ask(context) {
    if (context.failedWebSockets > MAX_FAILED_WEBSOCKETS)
      return { answer: 'unknown', why: 'too many failed WebSockets on this page' };
    const path = `/${context.runtime.uuid()}/`;
    const { websocket, durationMs } = await askWebSocket(context, { path, isUnusedPath: true });
    const isLate = websocket.result === 'rejected' && durationMs >= FINGERPRINT_MS.from;
    if (isLate && websocket.heldBack)
      return { answer: 'unknown', why: 'the page or its client may have held it up', websocket, durationMs };
    return { answer: isLate && durationMs <= FINGERPRINT_MS.to ? 'yes' : 'no', websocket, durationMs };
  },
};
