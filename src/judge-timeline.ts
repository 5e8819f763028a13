import type { Diagnosis } from './causes/codes.js';
import { rules } from './causes/rules.js';
import { rule as unclassified } from './causes/unclassified.js';
import { usageRules } from './causes/usage-rules.js';
import { diagnose } from './diagnosis/diagnose.js';
import { createFacts } from './diagnosis/facts.js';
import type { Timeline } from './signals/timeline.js';
import { SDK_VERSION } from './version.js';

/** What the catalogue of this version says about a timeline. */
export interface Judgement {
  /** Undefined if the timeline is not about a failure, or if a finding other than a failure does not hold. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Version of the catalogue used here. */
export const version: string = SDK_VERSION;

const catalogue = [...rules, ...usageRules()];

/**
 * Judges the timeline of an incident that was sent and stored, even by an earlier version. It applies the same rules as live and sends no
 * probes. Throws if the argument is not a timeline.
 */
export function judgeTimeline(timeline: Timeline): Judgement {
  if (!timeline.about) return { diagnosis: undefined };
  return { diagnosis: diagnose(createFacts(timeline), catalogue, unclassified) as Diagnosis | undefined };
}

export type { Diagnosis } from './causes/codes.js';
export type { Timeline } from './signals/timeline.js';
