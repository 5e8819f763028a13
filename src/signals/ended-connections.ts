import type { Signal, Traffic } from './signal.js';

/** The ends of connections that had served a socket; bounded, however long the session lasts. */
export interface EndedConnections {
  /** All of them, kept or not: the more there were, the more likely some are alike by chance. */
  readonly count: number;
  /** Oldest first. */
  readonly latest: readonly EndedConnection[];
}

/** How one connection ended, reduced to what a comparison with others needs. */
export interface EndedConnection {
  /** Milliseconds since the timeline began; negative for one of an earlier page load. */
  readonly at: number;
  /** 0 for one of an earlier page load. */
  readonly attempt: number;
  readonly transport: string;
  readonly reason: string;
  readonly closeCode?: number;
  readonly wasClean?: boolean;
  readonly byServer?: true;
  /** HTTP status of the request that failed; 0 if hidden or if there was no response. */
  readonly status?: number;
  /** Milliseconds that the last transport had been open. */
  readonly transportAgeMs: number;
  /** Milliseconds since the last known traffic. */
  readonly quietMs: number;
  readonly traffic?: Traffic;
  readonly pingIntervalMs?: number;
  readonly pingTimeoutMs?: number;
  /** Something was waiting to be sent. */
  readonly unsent?: true;
  /** Around that time the page was offline, left, frozen, moved to another network or stood still. */
  readonly disturbed?: true;
  /** What became of the next attempt; absent until that is known. */
  readonly next?: 'connected' | 'failed';
}

export interface EndedConnectionsRecorder {
  see(signal: Signal): void;
  /** `undefined` while no connection has ended. */
  snapshot(): EndedConnections | undefined;
}

/** Enough for a rhythm with a few outliers in between; each costs about 200 bytes in every incident that is sent. */
export const MAX_ENDED = 12;
const DISTURBING: readonly string[] = ['offline', 'network-changed', 'frozen', 'resumed', 'left', 'returned'];
/** What happens to the page this close to an end is related to it. */
const NEAR_MS = 5_000;

/**
 * Follows a timeline and records how its connections ended.
 *
 * @param earlier those of earlier page loads, oldest first, with negative times
 */
export function createEndedConnections(earlier: readonly EndedConnection[] = []): EndedConnectionsRecorder {
  let ends = earlier.slice(-MAX_ENDED);
  let count = ends.length;
  let handshake: Extract<Signal, { kind: 'handshake' }> | undefined;
  let connectedAttempt = 0;
  let disturbedAt: number | undefined;

  const change = (fields: Partial<EndedConnection>) => {
    const last = ends[ends.length - 1];
    if (last) ends = [...ends.slice(0, -1), { ...last, ...fields }];
  };
  const last = () => ends[ends.length - 1];

  return {
    see(signal) {
      const ended = last();
      switch (signal.kind) {
        case 'handshake':
          handshake = signal;
          return;
        case 'connected':
          connectedAttempt = signal.attempt;
          if (ended && !ended.next && ended.attempt < signal.attempt) change({ next: 'connected' });
          return;
        case 'connect-error':
          if (ended && !ended.next && signal.source !== 'server') change({ next: 'failed' });
          return;
        case 'websocket-closed':
          // Clients before 4.5 learn the close code only after the end.
          if (ended?.attempt === signal.attempt && ended.closeCode === undefined) {
            const { closeCode, wasClean } = signal;
            change({ closeCode, ...(wasClean !== undefined && { wasClean }) });
          }
          return;
        case 'timer-gap':
        case 'page':
          if (signal.kind === 'page' && !DISTURBING.includes(signal.event)) return;
          disturbedAt = signal.at;
          if (ended && signal.at - ended.at <= NEAR_MS) change({ disturbed: true });
          return;
        case 'engine-closed': {
          const { at, attempt, transport, reason, transportAgeMs, quietMs } = signal;
          if (connectedAttempt !== attempt || attempt === 0 || reason === 'forced close') return;
          if (transportAgeMs === undefined || quietMs === undefined) return;
          const { closeCode, wasClean, byServer, traffic } = signal;
          const { pingIntervalMs, pingTimeoutMs } = handshake?.attempt === attempt ? handshake : {};
          const status = signal.error?.status;
          count += 1;
          ends = [
            ...ends.slice(1 - MAX_ENDED),
            {
              at,
              attempt,
              transport,
              reason,
              ...(closeCode !== undefined && { closeCode }),
              ...(wasClean !== undefined && { wasClean }),
              ...(byServer && { byServer }),
              ...(status !== undefined && { status }),
              transportAgeMs,
              quietMs,
              ...(traffic && { traffic }),
              ...(pingIntervalMs !== undefined && { pingIntervalMs }),
              ...(pingTimeoutMs !== undefined && { pingTimeoutMs }),
              ...(signal.unsentBytes !== undefined && { unsent: true as const }),
              ...(disturbedAt !== undefined && at - disturbedAt <= NEAR_MS && { disturbed: true as const }),
            },
          ];
          return;
        }
      }
    },
    snapshot: () => (count > 0 ? { count, latest: ends } : undefined),
  };
}
