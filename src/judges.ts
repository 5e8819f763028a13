import type { Judge } from './judge.js';

/** The judge of a page or process: there from the start, or loaded when it is first needed. */
export interface Judges {
  /** The judge, if it is loaded. */
  now(): Judge | undefined;
  /**
   * Loads it; rejects if it cannot be loaded, and a later call then tries again.
   *
   * @param isHopeful whether something suggests that it can be loaded now: the network has come back, or somebody asks for a diagnosis
   */
  load(isHopeful?: boolean): Promise<Judge>;
}

/**
 * Every try is a request to the page's own server and a line on its console, maybe a report of its Content-Security-Policy, and a failing
 * socket wants the judge at each attempt, every 5 seconds with the client's defaults.
 */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** @param source the judge itself, or a function that loads the chunk that contains it */
export function createJudges(source: Judge | (() => Promise<Judge>), monotonicMs: () => number): Judges {
  let here = typeof source === 'function' ? undefined : source;
  let loading: Promise<Judge> | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let pausedUntil = 0;
  return {
    now: () => here,
    load(isHopeful = false) {
      if (here) return Promise.resolve(here);
      if (!loading && !isHopeful && monotonicMs() < pausedUntil) return Promise.reject(new Error('Not loaded'));
      loading ??= (source as () => Promise<Judge>)().then(
        (judge) => {
          here = judge;
          return judge;
        },
        (error) => {
          loading = undefined;
          pausedUntil = monotonicMs() + pauseMs;
          pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
          throw error;
        },
      );
      return loading;
    },
  };
}
