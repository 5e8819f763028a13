import type { SignalOf } from '../signals/signal.js';

/**
 * Whether an upgrade was refused the way a second WebSocket handler on the same HTTP server does that serves only paths of its own: with
 * 400 and these words alone (ws 8, abortHandshake), or as an unknown path (@fastify/websocket).
 */
export function isOthersRefusal({ websocket }: SignalOf<'probe'>): boolean {
  const isBare = websocket?.status === 400 && websocket.body?.is === 'text';
  return websocket?.result === 'rejected' && (isBare || websocket.status === 404);
}

/**
 * Whether somebody else took the WebSocket: with words of their own, or to close it again cleanly (express-ws), which in Firefox comes too
 * soon for it to have opened.
 */
export function isTakenByOther({ websocket }: SignalOf<'probe'>): boolean {
  const { result, closeCode } = websocket ?? {};
  return result === 'other' || ((result === 'closed' || result === 'rejected') && closeCode === 1005);
}
