import type { CollectorLogger } from './collector-logger.js';
import type { RetentionClock } from './retention-clock.js';
import type { RetentionStore } from './stores/store.js';

export interface RetentionOptions {
  readonly store: RetentionStore;
  readonly clock: RetentionClock;
  /** Absent: no record is too old. */
  readonly keepDays: number | undefined;
  /** Absent: no size is too large. */
  readonly maxBytes: number | undefined;
  readonly logger: CollectorLogger;
  readonly onDeleted: (rows: number, rule: 'age' | 'size') => void;
}

export interface Retention {
  /** Deletes records that are too old or exceed the size, in small steps; resolves once there is nothing more to do. */
  sweep(): Promise<void>;
  /** Ends after the step that is running. */
  stop(): Promise<void>;
}

const SWEEP_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/** About ten milliseconds of work; what arrived meanwhile is stored before the next step. */
const ROWS_PER_STEP = 200;
const PAUSE_MS = 20;

/** Records of the last hour stay, whatever the size: whoever investigates an outage needs them. */
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
          'The store is larger than --max-size-mb, but everything left was received within the last hour and is kept.',
        );
      }
      saidTooLarge = tooLarge;
    }
    await repeat(() => store.releaseSpace());
    if (deleted.age + deleted.size > 0) {
      logger.info(
        `Retention deleted ${deleted.age} rows because of their age and ${deleted.size} because of the size of the store.`,
      );
    }
  };

  const sweep = () => {
    sweeping ??= sweepOnce().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  };
  const tell = (error: Error) => logger.error(`Retention failed and will try again in a minute: ${error.message}`);
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
