import type { CollectorLogger } from './collector-logger.js';
import type { StateStore } from './stores/store.js';

export interface RetentionClockOptions {
  readonly state: Pick<StateStore, 'read' | 'write'>;
  /** When the newest record came; undefined where there is none. */
  newestReceivedMs(): Promise<number | undefined>;
  readonly logger: CollectorLogger;
  /** Milliseconds since the epoch, by a clock that anything may set; absent: `Date.now`. */
  readonly now?: () => number;
  /** Milliseconds by a clock that nobody sets; absent: `performance.now`. */
  readonly steadyNow?: () => number;
}

export interface RetentionClock {
  /** The latest time that it may be: what is deleted for its age is compared with it. To be asked at each sweep. */
  read(): Promise<number>;
}

const STATE_NAME = 'retention clock';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** To delete an hour early is nothing to those who count in days; an update of the collector or of its machine takes less. */
const TOLERATED_MS = HOUR_MS;

/** NTP mends a clock within minutes of its start; what is deleted a day late does no harm. */
const PROBATION_MS = DAY_MS;

interface Believed {
  /** What time it must be at least as far as this collector, and those before it, were running to see it. */
  readonly atMs: number;
  /** For how long, while one was running, the clock has said something else. */
  readonly otherwiseForMs: number;
}

/**
 * Believes a clock that goes on from where it was, and one that jumped once it has kept for a day of running: a machine may resume with a date
 * in 2099, and what is deleted until NTP mends that is gone. A long stop looks the same, and costs a day of waiting.
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
      if (isTold) logger.info('The clock is right again, and retention goes by it.');
      isTold = false;
      return { atMs: clockMs, otherwiseForMs: 0 };
    }
    // Between two runs time goes on that none of them sees.
    const jumpMs = isFirst ? 0 : clockMs - lastMs - passedMs;
    // A machine that sleeps each night jumps ahead each morning. A clock that was put back was wrong, and may be again.
    const forMs = jumpMs < -TOLERATED_MS ? 0 : otherwiseForMs + passedMs;
    if (forMs >= PROBATION_MS) {
      logger.info('The clock has kept for a day, and retention goes by it.');
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
      // On a full disk deleting may still work; whoever starts then has only a longer wait.
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
    ? `${said} later than retention expects from when it last looked. Nothing is deleted by it until it has kept for a day: set the clock if it is wrong; after a long stop there is nothing to do.`
    : `${said} earlier than retention expects from when it last looked. It dates what comes in: set it if it is wrong.`;
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
