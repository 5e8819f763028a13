/** Several similar times, and how likely that is by chance. */
export interface RegularTimes {
  /** Their mean, in milliseconds. */
  readonly periodMs: number;
  /** How many are similar, including the current one. */
  readonly samples: number;
  /** The largest of them less the smallest, in milliseconds. */
  readonly spreadMs: number;
  /** How many such groups are to be expected among unrelated times. */
  readonly chance: number;
  /** Three at least, and very unlikely by chance. */
  readonly isSure: boolean;
}

/** Groups by chance that are accepted in a session: one in 300 sessions of random cuts for a certainty, one in five for a suspicion. */
export const SURE_CHANCE = 0.003;
export const SUSPECT_CHANCE = 0.2;
/** Two similar ones are a coincidence until there is a third. */
const SURE_SAMPLES = 3;

/** Nobody sets shorter limits; what ends a connection at once has other reasons. */
const MIN_PERIOD_MS = 500;
/**
 * How much times by the same limit vary: nginx moves a timer only if it would move by 300 ms (NGX_TIMER_LAZY_DELAY), a mobile network adds
 * about 200 ms, and proxies that sweep over their connections are late by a share of the limit.
 */
const JITTER_MS = 500;
const JITTER_SHARE = 0.02;
/** For a short limit, no more than this share may be jitter, or anything would be similar. */
const MAX_SHARE = 0.1;

/**
 * Looks for the group of times around the present one that is least likely to be there by chance, or the largest that is sure.
 *
 * The measure is the relative range r = (largest - smallest) / mean. Times that are spread smoothly, with no more than one per mean and
 * time, as exponential or even ones, put one given other within a range r of the present one with a probability of at most about r.
 * So k - 1 given others do with r^(k-1), some k - 1 of n - 1 with C(n-1, k-1) r^(k-1); and as each end is one more occasion to look,
 * that is multiplied by their number. A group that leaves some out may have any size, which is n - 2 occasions more; that all are alike is
 * one. At the n-th end so many groups of k count as sure that their probability is SURE_CHANCE k/n, or that over n - 2: at six ends all of
 * that comes to 1.06 % at most, where SURE_CHANCE for each look is 1.2 % (of all alike no more than n MAX_SHARE^(n-1) from the fifth end
 * on). Without the factor for the sizes it was 1.5 % of random ages of two seconds that are even around their mean.
 *
 * @param others earlier times of the same kind
 * @param looks how many times there were, also those that are not kept any more
 */
export function regularTimes(present: number, others: readonly number[], looks: number): RegularTimes | undefined {
  if (present < MIN_PERIOD_MS) return undefined;
  const nearest = [...others].sort((a, b) => Math.abs(a - present) - Math.abs(b - present));
  let best: RegularTimes | undefined;
  let smallest = present;
  let largest = present;
  let sum = present;
  let combinations = 1;
  const sizes = Math.max(1, nearest.length + 2 - SURE_SAMPLES);
  for (let index = 0; index < nearest.length; index += 1) {
    const next = nearest[index] ?? present;
    smallest = Math.min(smallest, next);
    largest = Math.max(largest, next);
    sum += next;
    const samples = index + 2;
    const periodMs = sum / samples;
    // C(n-1, k-1), from one k to the next.
    combinations = (combinations * (nearest.length - index)) / (index + 1);
    const spreadMs = largest - smallest;
    if (spreadMs > Math.min(JITTER_MS + JITTER_SHARE * periodMs, MAX_SHARE * periodMs)) break;
    // A clock that counts milliseconds says nothing about a smaller difference.
    const range = Math.max(spreadMs, 1) / periodMs;
    const occasions = Math.max(looks, samples) * (samples > nearest.length ? 1 : sizes);
    const chance = occasions * combinations * range ** (samples - 1);
    const isSure = samples >= SURE_SAMPLES && chance <= SURE_CHANCE;
    const isBetter = best?.isSure ? isSure : isSure || chance < (best?.chance ?? SUSPECT_CHANCE);
    if (isBetter) best = { periodMs: Math.round(periodMs), samples, spreadMs, chance, isSure };
  }
  return best;
}
