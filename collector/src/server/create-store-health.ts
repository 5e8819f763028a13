import type { CollectorLogger } from '../collector-logger.js';
import type { Store } from '../stores/store.js';
import { adviceOf, StoreFailure } from '../stores/store-failure.js';

export interface StoreHealth {
  readonly failing: boolean;
  /** A write failed: logged once until the store works again. */
  failed(failure: StoreFailure): void;
  /** A write worked: the store works again, unless it was found to be damaged. */
  worked(): void;
  /** Why the store cannot write, or nothing. */
  check(): Promise<StoreFailure | undefined>;
  /** Stops checking by itself. */
  stop(): void;
}

export interface StoreHealthOptions {
  readonly store: Store;
  readonly logger: CollectorLogger;
  /** How long a result is reused without checking again. */
  readonly validMs: number;
  readonly onFailure: (failure: StoreFailure) => void;
  /** How often it checks by itself while the store fails, so that a recovery is logged even if nobody sends or asks. Absent: 10 seconds. */
  readonly lookAgainMs?: number;
}

const LOOK_AGAIN_MS = 10_000;

/** Knows whether the store can write; a check after `validMs` really writes. */
export function createStoreHealth({
  store,
  logger,
  validMs,
  onFailure,
  lookAgainMs = LOOK_AGAIN_MS,
}: StoreHealthOptions): StoreHealth {
  let failure: StoreFailure | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | undefined;

  const failed = (found: StoreFailure) => {
    checkedAt = performance.now();
    onFailure(found);
    if (found.reason !== failure?.reason) {
      logger.error(`Nothing can be stored: ${found.message}. Senders are told to retry. ${adviceOf(found)}`.trim());
    }
    failure = found;
  };

  const worked = () => {
    // One write that works proves nothing about the rest of a damaged file.
    if (failure === undefined || failure.reason === 'corrupt') return;
    failure = undefined;
    logger.info('The store accepts records again.');
  };

  const look = async () => {
    if (failure?.reason === 'corrupt') return;
    try {
      await store.ping();
      worked();
    } catch (error) {
      failed(error instanceof StoreFailure ? error : new StoreFailure('io-error', (error as Error).message));
    }
    checkedAt = performance.now();
  };

  const check = async () => {
    if (performance.now() - checkedAt > validMs) {
      checking ??= look().finally(() => {
        checking = undefined;
      });
      await checking;
    }
    return failure;
  };
  const timer = setInterval(() => {
    if (failure !== undefined) void check();
  }, lookAgainMs);
  timer.unref();

  return {
    get failing() {
      return failure !== undefined;
    },
    failed,
    worked,
    check,
    stop: () => clearInterval(timer),
  };
}
