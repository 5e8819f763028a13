import type { SignalOf } from '../signals/signal.js';
import type { Closing } from './facts.js';

/** The default of Socket.IO 2.x and 3.x, which 4.0 raised to 20 s because mobile networks cannot keep up with it. */
const TIGHT_MS = 5_000;
/** What one round trip occasionally takes: over a mobile network, during a garbage collection, on a busy machine. */
const ROUND_TRIP_MS = 500;

/** Whether the server allows so little time for a heartbeat that a late one is as likely as a lost one. */
export function isTightBeat({ handshake }: Pick<Closing, 'handshake'>): boolean {
  return (handshake?.pingTimeoutMs ?? Number.POSITIVE_INFINITY) <= TIGHT_MS;
}

/**
 * Whether it allows less than a round trip: then not only a client that waits for a heartbeat gives up. The server, too, closes or forgets
 * sessions whose response comes a little late, which looks like any other end.
 */
export function isBreathless(handshake: SignalOf<'handshake'> | undefined): boolean {
  return (handshake?.pingTimeoutMs ?? Number.POSITIVE_INFINITY) < ROUND_TRIP_MS;
}

/** The shortest patience that the clock of signals/tap-page.ts keeps up with, in a visible page. */
const NOTICED_MS = 1_000;

/**
 * Whether the server gives up on a client whose heartbeat is late by so little that its page may have stood still for longer unnoticed: what the
 * server then does looks like a decision of its own.
 */
export function isImpatient(handshake: SignalOf<'handshake'> | undefined): boolean {
  return (handshake?.pingTimeoutMs ?? NOTICED_MS) < NOTICED_MS;
}
