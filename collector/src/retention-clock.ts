import type { CollectorLogger } from './collector-logger.js';
import type { StateStore } from './stores/store.js';

export interface RetentionClockOptions {
  readonly state: Pick<StateStore, 'read' | 'write'>;
  /** When the newest record was received; undefined if there is none. */
  newestReceivedMs(): Promise<number | undefined>;
  readonly logger: CollectorLogger;
  /** Milliseconds since the epoch, by a clock that anybody may set; absent: `Date.now`. */
  readonly now?: () => number;
  /** Milliseconds by a clock that nobody sets; absent: `performance.now`. */
  readonly steadyNow?: () => number;
}

export interface RetentionClock {
  /** The latest time that it may be, for comparing the age of records. Call it at each sweep. */
  read(): Promise<number>;
}

const STATE_NAME = 'retention clock';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Deleting an hour early does not matter when retention is in days; an update of the collector or of its machine takes less. */
const TOLERATED_MS = HOUR_MS;

/** NTP fixes a clock within minutes of its start; deleting a day late does no harm. */
const PROBATION_MS = DAY_MS;

interface Believed {
  /** The time it must at least be, counting the time that this collector and those before it were running. */
  readonly atMs: number;
  /** For how long, while a collector was running, the clock has said something else. */
  readonly otherwiseForMs: number;
}

/**
 * Trusts a clock that continues from where it was, and one that jumped only after it has been steady for a day of running: a machine may resume
 * with a date in 2099, and what is deleted until NTP fixes that is gone. A long stop looks the same and costs a day of waiting.
 */
export function createRetentionClock({
  state,
  newestReceivedMs,
  logger,
  now = () => Date.now(),
  steadyNow = () => performance.now(),
}: RetentionClockOptions): RetentionClock {
  let believed: Believed | undefined;
  let lastMs = 0;
  let lastSteadyMs = 0;
  let isTold = false;

  const judge = ({ atMs, otherwiseForMs }: Believed, clockMs: number, passedMs: number, isFirst: boolean): Believed => {
    const expectedMs = atMs + passedMs;
    const aheadMs = clockMs - expectedMs;
    if (Math.abs(aheadMs) <= TOLERATED_MS) {
      if (isTold) logger.info('The clock is right again, and retention follows it.');
      isTold = false;
      return { atMs: clockMs, otherwiseForMs: 0 };
    }
    // Between two runs, time passes that neither of them sees.
    const jumpMs = isFirst ? 0 : clockMs - lastMs - passedMs;
    // A machine that sleeps each night jumps ahead each morning. A clock that was set back had been wrong, and may be again.
    const forMs = jumpMs < -TOLERATED_MS ? 0 : otherwiseForMs + passedMs;
    if (forMs >= PROBATION_MS) {
      logger.info('The clock has been steady for a day, and retention follows it.');
      isTold = false;
      return { atMs: clockMs, otherwiseForMs: 0 };
    }
    if (!isTold || Math.abs(jumpMs) > TOLERATED_MS) logger.error(sentence(clockMs, aheadMs));
    isTold = true;
    return { atMs: expectedMs, otherwiseForMs: forMs };
  };

  return {
    async read() {
      const clockMs = now();
      const steadyMs = steadyNow();
      const isFirst = believed === undefined;
      const before = believed ??
        parse(await state.read(STATE_NAME)) ?? { atMs: (await newestReceivedMs()) ?? clockMs, otherwiseForMs: 0 };
      const next = judge(before, clockMs, isFirst ? 0 : steadyMs - lastSteadyMs, isFirst);
      // On a full disk, deleting may still work; the next start only has to wait longer.
      await state.write(STATE_NAME, JSON.stringify(next)).catch(() => {});
      believed = next;
      lastMs = clockMs;
      lastSteadyMs = steadyMs;
      return Math.min(clockMs, next.atMs);
    },
  };
}

function sentence(clockMs: number, aheadMs: number): string {
  const said = `The clock says ${shown(clockMs)}, ${span(Math.abs(aheadMs))}`;
  return aheadMs > 0
    ? `${said} later than retention expects since its last check. Nothing is deleted by this clock until it has been steady for a day. If it is wrong, set it; after a long stop there is nothing to do.`
    : `${said} earlier than retention expects since its last check. Incoming records are dated by it: if it is wrong, set it.`;
}

function shown(ms: number): string {
  return Math.abs(ms) > 8.64e15 ? String(ms) : `${new Date(ms).toISOString().slice(0, 16)}Z`;
}

function span(ms: number): string {
  const hours = Math.round(ms / HOUR_MS);
  if (hours < 48) return hours === 1 ? 'an hour' : `${hours} hours`;
  const days = Math.round(ms / DAY_MS);
  return days < 800 ? `${days} days` : `${Math.round(days / 365.25)} years`;
}

function parse(text: string | undefined): Believed | undefined {
  try {
    const { atMs, otherwiseForMs } = JSON.parse(text ?? '') as Believed;
    return Number.isFinite(atMs) && Number.isFinite(otherwiseForMs) ? { atMs, otherwiseForMs } : undefined;
  } catch {
    return undefined;
  }
}
