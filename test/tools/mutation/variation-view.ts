import type { Match } from '../../../src/diagnosis/diagnose.js';
import { createFacts, type Facts } from '../../../src/diagnosis/facts.js';
import type { Recording } from '../exactness.js';
import type { Variation } from './variation.js';

/** The facts of a recording after the change. */
export function viewOf({ from, change }: Variation, recordings: ReadonlyMap<string, Recording>): Facts {
  const recording = recordings.get(from);
  if (!recording) throw new Error(`there is no recording ${from}`);
  return createFacts(change(recording.timeline));
}

/** What is wrong with the answer to a variation, in words; undefined when it is right. */
export function brokenVariation(
  { from, but, is, code = from.split('.')[0] }: Variation,
  matches: readonly Match[],
): string | undefined {
  const verdict = matches.find(({ rule }) => rule.code === code)?.verdict;
  const told = verdict?.certainty;
  const isRight = {
    silent: told === undefined,
    unsure: told !== 'confirmed',
    told: told !== undefined,
    sure: told === 'confirmed',
    class: told === 'confirmed' && verdict?.asClass === true,
    itself: told === 'confirmed' && !verdict?.asClass,
  };
  return isRight[is] ? undefined : `${from}, but ${but}: ${told ?? 'not told'}`;
}
