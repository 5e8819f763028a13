import { rules } from '../src/causes/rules.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { diagnose } from '../src/diagnosis/diagnose.js';
import { createFacts } from '../src/diagnosis/facts.js';
import type { Recorded } from './recordings.js';

/** What can be known of a cause. */
export type BestAnswer = 'suspected' | 'class' | 'confirmed';

/** From the least to the most that can be known. */
const ORDER: readonly BestAnswer[] = ['suspected', 'class', 'confirmed'];

/** The best answer recorded for each cause, by code and then by runtime. */
export function bestAnswers(recordings: readonly Recorded[]): ReadonlyMap<string, ReadonlyMap<string, BestAnswer>> {
  const best = new Map<string, Map<string, BestAnswer>>();
  for (const { code, runtime, timeline } of recordings) {
    if (code === null) continue;
    const byRuntime = best.get(code) ?? new Map<string, BestAnswer>();
    best.set(code, byRuntime);
    byRuntime.set(runtime, better(byRuntime.get(runtime), answerFor(code, timeline)));
  }
  return best;
}

/** The better of two answers; any answer is better than none. */
export function better(one: BestAnswer | undefined, other: BestAnswer): BestAnswer {
  return one !== undefined && ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

function answerFor(code: string, timeline: Recorded['timeline']): BestAnswer {
  const catalogue = timeline.about?.phase === 'usage' ? usageRules() : rules;
  const diagnosis = diagnose(createFacts(timeline), catalogue, unclassified);
  if (diagnosis?.code !== code || diagnosis.certainty !== 'confirmed') return 'suspected';
  return diagnosis.alternatives.length > 0 ? 'class' : 'confirmed';
}
