import type { Runtime, TextStorage } from '../runtime/runtime.js';
import { createPersistence, type Held, type Left } from './persistence.js';

/** When a queue's copies are written, and when those of others are taken over. */
export interface Copies {
  /** Schedules the copies: soon, or at once if there were none for a while. */
  plan(): void;
  /** Writes them now. */
  keep(): void;
  /** Milliseconds until they must be written again, so that nobody considers this tab dead. */
  renewMs(): number;
  /** Whether somebody took over what was last kept. */
  isTakenOver(): boolean;
  /** Takes over what others left behind, now and as soon as one of the active ones may be dead. */
  claim(): void;
  /** Writes them for the last time. */
  close(): void;
}

export interface CopiesOptions {
  readonly runtime: Runtime;
  /** Where the copies are kept; absent: nowhere. */
  readonly storage: TextStorage | undefined;
  /** Name of the receiver; without one there are no copies. */
  readonly name: string | undefined;
  /** What is to be kept now. */
  readonly held: () => Omit<Held, 'holdMs'>;
  /** The page may be gone at any moment: other pages may take over the copies at once. */
  readonly isLeft: () => boolean;
  /** Must hold and keep what others left before it returns. */
  readonly adopt: (left: Left) => void;
  readonly onClaimed: () => void;
  /** Our own code threw. */
  readonly onError: () => void;
}

/** Copies are written at once, and then no more often than this: a burst must not cause a burst of writes. */
const KEEP_MS = 250;
/** A tab that holds records writes its copies at least this often. */
const RENEW_MS = 60_000;
/** Two renewals; after that, what a crashed tab left is taken over. */
const LEASE_MS = 2 * RENEW_MS;
/** Tabs that wait for the same lease to end must not check in a loop. */
const MIN_CLAIM_MS = 1000;

/** Copies of one queue. */
export function createCopies(options: CopiesOptions): Copies {
  const { runtime, storage, name, held, isLeft, adopt, onClaimed, onError } = options;
  const persistence = storage && name ? createPersistence({ storage, runtime, name }) : undefined;
  let keptMs = Number.NEGATIVE_INFINITY;
  let isPlanned = false;
  let closed = false;
  let cancelKeep: () => void = () => {};
  let cancelClaim: () => void = () => {};

  function keep(): void {
    if (!persistence) return;
    cancelKeep();
    isPlanned = false;
    keptMs = runtime.monotonicMs();
    persistence.keep({ ...held(), holdMs: isLeft() ? 0 : LEASE_MS });
  }

  function keepSafely(): void {
    try {
      keep();
    } catch {
      onError();
    }
  }

  async function claimOnce(): Promise<void> {
    if (!persistence || closed) return;
    const nextMs = await persistence.claim(adopt);
    cancelClaim();
    if (closed) return;
    if (nextMs !== undefined) cancelClaim = runtime.delay(claim, Math.max(MIN_CLAIM_MS, nextMs));
    onClaimed();
  }

  function claim(): void {
    claimOnce().catch(onError);
  }

  return {
    plan() {
      if (!persistence || isPlanned || closed) return;
      isPlanned = true;
      const waitMs = keptMs + KEEP_MS - runtime.monotonicMs();
      const due = () => {
        if (isPlanned) keepSafely();
      };
      if (waitMs > 0) cancelKeep = runtime.delay(due, waitMs);
      else void Promise.resolve().then(due);
    },
    keep,
    renewMs: () => (persistence ? Math.max(0, keptMs + RENEW_MS - runtime.monotonicMs()) : RENEW_MS),
    isTakenOver: () => !!persistence?.isTakenOver(),
    claim,
    close() {
      closed = true;
      cancelClaim();
      keepSafely();
    },
  };
}
