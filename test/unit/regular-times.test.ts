import { describe, expect, it } from 'vitest';
import { regularTimes, SURE_CHANCE, SUSPECT_CHANCE } from '../../src/diagnosis/regular-times.js';

/** Mulberry32: the same numbers at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Ages of connections that nothing but chance ends, all with the same mean. */
const RANDOM_AGES: Readonly<Record<string, (random: () => number, meanMs: number) => number>> = {
  exponential: (random, meanMs) => -Math.log(1 - random()) * meanMs,
  'even from 0': (random, meanMs) => random() * 2 * meanMs,
  'even around the mean': (random, meanMs) => (0.5 + random()) * meanMs,
  'log-uniform': (random, meanMs) => meanMs * 10 ** (random() * 3 - 1.5),
};

/** What a session of that many ends is told: the surest answer at any of them, with as many remembered as the timeline keeps. */
function session(ages: readonly number[]): 'sure' | 'suspected' | 'nothing' {
  const answers = ages.map((age, index) => regularTimes(age, ages.slice(Math.max(0, index - 11), index), index + 1));
  if (answers.some((found) => found?.isSure)) return 'sure';
  return answers.some((found) => found) ? 'suspected' : 'nothing';
}

const SESSIONS = 20_000;

describe('regularTimes', () => {
  it.each(Object.keys(RANDOM_AGES))('is hardly ever sure of random ages: %s', (name) => {
    const random = seeded(7);
    const age = RANDOM_AGES[name] as (random: () => number, meanMs: number) => number;
    // Of short limits the jitter is a larger share, which takes more random ages in.
    for (const meanMs of [2_000, 30_000]) {
      for (const ends of [3, 6, 12]) {
        let sure = 0;
        for (let run = 0; run < SESSIONS; run += 1) {
          const ages = Array.from({ length: ends }, () => age(random, meanMs));
          if (session(ages) === 'sure') sure += 1;
        }
        // The bound is for a session in which one looked once; each end is a look of its own.
        const bound = SURE_CHANCE * (ends - 2);
        const samplingError = 3 * Math.sqrt(bound / SESSIONS);
        expect(sure / SESSIONS, `${ends} ends of ${meanMs} ms`).toBeLessThan(bound + samplingError);
      }
    }
  });

  it.each(Object.keys(RANDOM_AGES))('suspects two random ages no more often than it says: %s', (name) => {
    const random = seeded(11);
    const age = RANDOM_AGES[name] as (random: () => number, meanMs: number) => number;
    let suspected = 0;
    for (let run = 0; run < SESSIONS; run += 1) {
      if (session([age(random, 30_000), age(random, 30_000)]) !== 'nothing') suspected += 1;
    }
    expect(suspected / SESSIONS).toBeLessThan(SUSPECT_CHANCE);
  });

  it('never is sure of two, however alike', () => {
    expect(regularTimes(60_000, [60_000], 2)).toEqual({
      periodMs: 60_000,
      samples: 2,
      spreadMs: 0,
      chance: expect.any(Number),
      isSure: false,
    });
  });

  it.each([1_000, 2_000, 5_000, 30_000, 60_000, 100_000, 350_000])(
    'is sure of a limit of %i ms at the third time, with the jitter of a network',
    (limitMs) => {
      const random = seeded(limitMs);
      let sure = 0;
      for (let run = 0; run < 500; run += 1) {
        // A share of the limit, and the time that packets take.
        const ages = Array.from({ length: 3 }, () => limitMs + random() * Math.min(250, limitMs * 0.03));
        if (session(ages) === 'sure') sure += 1;
      }
      expect(sure).toBeGreaterThan(475);
    },
  );

  it('finds the limit again among strangers, and needs more of it then', () => {
    const limit = 60_000;
    const strangers = [12_000, 71_000, 33_500, 150_000];
    expect(session([...strangers, limit + 10, limit - 8])).not.toBe('sure');
    expect(session([...strangers, limit + 10, limit - 8, limit + 3, limit])).toBe('sure');
    // An end that is a stranger itself is no matter of the limit.
    expect(regularTimes(12_000, [limit, limit + 10, limit - 8, limit], 5)).toBeUndefined();
  });

  it('takes no spread for a limit that no limit shows as', () => {
    expect(regularTimes(60_000, [62_000], 2)).toBeUndefined();
    expect(regularTimes(2_000, [2_250], 2)).toBeUndefined();
    expect(regularTimes(30, [30, 30, 30, 30], 5)).toBeUndefined();
  });

  it('asks for more the more ends there were', () => {
    const ages = [60_400, 59_900, 60_100] as const;
    const [present, ...others] = ages;
    expect(regularTimes(present, others, 3)?.isSure).toBe(true);
    expect(regularTimes(present, others, 300)?.isSure).not.toBe(true);
  });
});
