import type { Closing } from './facts.js';

/** The default of Socket.IO 2.x and 3.x, which 4.0 raised to 20 s because mobile networks do not keep it. */
const TIGHT_MS = 5_000;

/** Whether the server allows so little time for a heartbeat that a late one is as likely as a lost one. */
export function isTightBeat({ handshake }: Closing): boolean {
  return (handshake?.pingTimeoutMs ?? Number.POSITIVE_INFINITY) <= TIGHT_MS;
}
