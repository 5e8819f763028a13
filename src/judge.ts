import { rules } from './causes/rules.js';
import { rule as unclassified } from './causes/unclassified.js';
import { answer, type Match, matchRules } from './diagnosis/diagnose.js';
import type { AnyDiagnosis } from './diagnosis/diagnosis.js';
import { createFacts, type Facts } from './diagnosis/facts.js';
import { createProber, type Prober, type ProberContext } from './prober.js';
import type { ProbingRuntime, Runtime } from './runtime/runtime.js';
import type { Timeline } from './signals/timeline.js';

export interface Judgement {
  readonly facts: Facts;
  readonly matches: readonly Match[];
  /** Absent if the timeline shows no failure. */
  readonly diagnosis: AnyDiagnosis | undefined;
}

/**
 * Everything that only a failure needs: the catalogue, the probes and the code that combines them. A page without failures never runs it.
 */
export interface Judge<R extends Runtime = Runtime> {
  judge(timeline: Timeline): Judgement;
  createProber<Key extends object>(context: ProberContext<R>): Prober<Key>;
}

/** The judge for runtimes that can send probes. */
export const judge: Judge<ProbingRuntime> = {
  judge(timeline) {
    const facts = createFacts(timeline);
    const matches = matchRules(facts, rules);
    return { facts, matches, diagnosis: answer(facts, matches, unclassified) };
  },
  createProber,
};
