import { randomUUID } from 'node:crypto';
import type { CollectorLogger } from '../collector-logger.js';
import type { StateStore } from '../stores/store.js';

/** The right to send the alerts of a store, which one of its collectors has at a time. */
export interface AlertLease {
  /**
   * Asks for it, or for an extension. `kept`: nobody else has had it since the last answer. `taken`: somebody else may have had it in
   * between, and what was known about the store may be outdated. `elsewhere`: somebody else has it.
   */
  claim(): Promise<'kept' | 'taken' | 'elsewhere'>;
  /** Resolves if nobody else has had it since it was claimed, and rejects with `LostLease` if somebody may have. */
  ensure(): Promise<void>;
  /** Gives it back, so that another collector need not wait. Never rejects. */
  release(): Promise<void>;
}

export interface AlertLeaseContext {
  readonly state: StateStore;
  readonly name: string;
  /** For how long nobody else gets it once this collector has asked; the longest silence after it was killed. */
  readonly leaseMs: number;
  readonly logger: CollectorLogger;
}

/** Another collector sends the alerts now: what was found here is found there. */
export class LostLease extends Error {}

export function createAlertLease({ state, name, leaseMs, logger }: AlertLeaseContext): AlertLease {
  const holder = randomUUID();
  let isMine: boolean | undefined;
  /** On a clock that nobody sets. */
  let mineUntilMs = 0;

  const claim = async () => {
    const askedMs = performance.now();
    const before = isMine;
    isMine = await state.claim(name, holder, leaseMs);
    const isUnbroken = isMine && askedMs < mineUntilMs;
    mineUntilMs = isMine ? askedMs + leaseMs : 0;
    if (isMine && before === false) logger.info('This collector now sends the alerts.');
    if (!isMine && before !== false) {
      const seconds = Math.round(leaseMs / 1000);
      logger.info(
        `Another collector on this store sends the alerts; this one takes over ${seconds} seconds after its last sign of life.`,
      );
    }
    if (!isMine) return 'elsewhere';
    return isUnbroken ? 'kept' : 'taken';
  };

  return {
    claim,
    async ensure() {
      // Webhooks may be slow, and a process may be suspended for a while.
      if (performance.now() < mineUntilMs - leaseMs / 2) return;
      if ((await claim()) !== 'kept') throw new LostLease();
    },
    async release() {
      if (isMine) await state.release(name, holder).catch(() => {});
    },
  };
}
