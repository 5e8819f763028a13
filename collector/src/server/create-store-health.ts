import type { CollectorLogger } from '../collector-logger.js';
import type { Store } from '../stores/store.js';
import { StoreFailure } from '../stores/store-failure.js';

export interface StoreHealth {
  readonly failing: boolean;
  /** A write failed: said once in the log until the store is well again. */
  failed(failure: StoreFailure): void;
  /** Why the store cannot write, or nothing. */
  check(): Promise<StoreFailure | undefined>;
}

export interface StoreHealthOptions {
  readonly store: Store;
  readonly logger: CollectorLogger;
  /** How long an answer is given again without a look. */
  readonly validMs: number;
  readonly onFailure: (failure: StoreFailure) => void;
}

/** What must be done about it, in the words of the log, where the store does not say so itself. */
const ADVICE: Readonly<Partial<Record<StoreFailure['reason'], string>>> = {
  'disk-full': 'Make room on the disk of --data, or keep less with --keep-days and --max-size-mb.',
  'read-only': 'Give this process the right to write to the folder of --data.',
  locked: 'End what else has the database open; one collector has one folder.',
  corrupt:
    'Stop the collector, move the database away or repair it with the .recover command of sqlite3, and start again.',
  'io-error': 'Look at the disk of --data: it may be full, at its quota or damaged.',
};

/** Knows whether the store can write; a check after `validMs` really writes. */
export function createStoreHealth({ store, logger, validMs, onFailure }: StoreHealthOptions): StoreHealth {
  let failure: StoreFailure | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | undefined;

  const failed = (found: StoreFailure) => {
    checkedAt = performance.now();
    onFailure(found);
    if (found.reason !== failure?.reason) {
      const advice = found.advice ?? ADVICE[found.reason] ?? '';
      logger.error(`Nothing can be stored: ${found.message}. Senders are told to come again. ${advice}`.trim());
    }
    failure = found;
  };

  const look = async () => {
    // One write that works proves nothing about the rest of a damaged file.
    if (failure?.reason === 'corrupt') return;
    try {
      await store.ping();
      if (failure !== undefined) logger.info('The store takes records again.');
      failure = undefined;
    } catch (error) {
      failed(error instanceof StoreFailure ? error : new StoreFailure('io-error', (error as Error).message));
    }
    checkedAt = performance.now();
  };

  return {
    get failing() {
      return failure !== undefined;
    },
    failed,
    async check() {
      if (performance.now() - checkedAt > validMs) {
        checking ??= look().finally(() => {
          checking = undefined;
        });
        await checking;
      }
      return failure;
    },
  };
}
