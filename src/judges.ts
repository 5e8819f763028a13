import type { Judge } from './judge.js';

/** The judge of a page or process: there from the start, or loaded when it is first needed. */
export interface Judges {
  /** The judge if it is here. */
  now(): Judge | undefined;
  /** Fetches it; rejects when it cannot be had, and then the next call tries again. */
  load(): Promise<Judge>;
}

/** @param source the judge itself, or what loads the part of the program that it is in */
export function createJudges(source: Judge | (() => Promise<Judge>)): Judges {
  let here = typeof source === 'function' ? undefined : source;
  let loading: Promise<Judge> | undefined;
  return {
    now: () => here,
    load() {
      if (here) return Promise.resolve(here);
      loading ??= (source as () => Promise<Judge>)().then(
        (judge) => {
          here = judge;
          return judge;
        },
        (error) => {
          loading = undefined;
          throw error;
        },
      );
      return loading;
    },
  };
}
