import type { Facts } from './facts.js';

/**
 * The codes with which ws in Node names what is wrong with a frame (lib/receiver.js), except for a length, which is a limit of the client.
 * The client itself then ends the connection: nobody has cut it.
 */
export function isBadFrame(code: string | undefined): boolean {
  return code?.startsWith('WS_ERR') === true && !code.endsWith('_LENGTH');
}

/**
 * Whether a WebSocket that had worked ended because of a frame. Chromium fires `error` on an open WebSocket only if it cannot read what
 * came (FailChannel in net/websockets/websocket_channel.cc); what the network ends is a `close` alone (156, in every recorded cut). Firefox
 * and WebKit fire it for both.
 */
export function isEndedByFrame({ closing, runtime }: Pick<Facts, 'closing' | 'runtime'>): boolean {
  if (!closing?.hadConnected) return false;
  if (isBadFrame(closing.error?.code)) return true;
  return runtime.engine === 'chromium' && closing.transport === 'websocket' && closing.reason === 'transport error';
}
