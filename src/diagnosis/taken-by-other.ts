import type { SignalOf } from '../signals/signal.js';

/**
 * Whether an upgrade was refused as a second WebSocket handler of the same HTTP server does that keeps to paths of its own: with 400 and these
 * words alone (ws 8, abortHandshake), or as a path that it does not know (@fastify/websocket).
 */
export function isOthersRefusal({ websocket }: SignalOf<'probe'>): boolean {
  const isBare = websocket?.status === 400 && websocket.body?.is === 'text';
  return websocket?.result === 'rejected' && (isBare || websocket.status === 404);
}

/**
 * Whether somebody else took the WebSocket: with words of his own, or to close it again in good order (express-ws), which in Firefox comes
 * too soon for it to have opened.
 */
export function isTakenByOther({ websocket }: SignalOf<'probe'>): boolean {
  const { result, closeCode } = websocket ?? {};
  return result === 'other' || ((result === 'closed' || result === 'rejected') && closeCode === 1005);
}
