import type { CollectorLogger } from './collector-logger.js';
import type { RetentionClock } from './retention-clock.js';
import type { RetentionStore } from './stores/store.js';

export interface RetentionOptions {
  readonly store: RetentionStore;
  readonly clock: RetentionClock;
  /** Absent: nothing is too old. */
  readonly keepDays: number | undefined;
  /** Absent: nothing is too much. */
  readonly maxBytes: number | undefined;
  readonly logger: CollectorLogger;
  readonly onDeleted: (rows: number, rule: 'age' | 'size') => void;
}

export interface Retention {
  /** Deletes what is too old or too much, in small steps; resolves once there is nothing more to do. */
  sweep(): Promise<void>;
  /** Ends after the step that is running. */
  stop(): Promise<void>;
}

const SWEEP_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/** Some ten milliseconds of work; what came in meanwhile is stored before the next step. */
const ROWS_PER_STEP = 200;
const PAUSE_MS = 20;

/** What came within the last hour stays, whatever the size: who looks into an outage needs it. */
const NEWEST_MS = 3_600_000;

export function createRetention({ store, clock, keepDays, maxBytes, logger, onDeleted }: RetentionOptions): Retention {
  let stopped = false;
  let sweeping: Promise<void> | undefined;
  let saidTooLarge = false;

  const repeat = async (step: () => Promise<boolean>) => {
    while (!stopped && (await step())) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  };

  const sweepOnce = async () => {
    const now = keepDays === undefined && maxBytes === undefined ? 0 : await clock.read();
    const deleted = { age: 0, size: 0 };
    const count = (rows: number, rule: 'age' | 'size') => {
      deleted[rule] += rows;
      if (rows > 0) onDeleted(rows, rule);
      return rows > 0;
    };
    if (keepDays !== undefined) {
      const before = now - keepDays * DAY_MS;
      await repeat(async () => count(await store.deleteOlderThan(before, ROWS_PER_STEP), 'age'));
    }
    if (maxBytes !== undefined) {
      let tooLarge = false;
      await repeat(async () => {
        tooLarge = (await store.usedBytes()) > maxBytes;
        return tooLarge && count(await store.deleteOldest(now - NEWEST_MS, ROWS_PER_STEP), 'size');
      });
      if (tooLarge && !stopped && !saidTooLarge) {
        logger.error(
          'The store is larger than --max-size-mb, and all that is left came within the last hour: it is kept.',
        );
      }
      saidTooLarge = tooLarge;
    }
    await repeat(() => store.releaseSpace());
    if (deleted.age + deleted.size > 0) {
      logger.info(`Retention deleted ${deleted.age} rows for their age and ${deleted.size} for the size of the store.`);
    }
  };

  const sweep = () => {
    sweeping ??= sweepOnce().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  };
  const tell = (error: Error) => logger.error(`Retention stopped and will try again in a minute: ${error.message}`);
  const timer = setInterval(() => sweep().catch(tell), SWEEP_EVERY_MS);
  timer.unref();

  return {
    sweep,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await sweeping?.catch(() => {});
    },
  };
}
