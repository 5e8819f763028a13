import type { Diagnosis } from './causes/codes.js';
import { rules } from './causes/rules.js';
import { rule as unclassified } from './causes/unclassified.js';
import { usageRules } from './causes/usage-rules.js';
import { diagnose } from './diagnosis/diagnose.js';
import { createFacts } from './diagnosis/facts.js';
import type { Timeline } from './signals/timeline.js';
import { SDK_VERSION } from './version.js';

/** What the catalogue of this version says of a timeline. */
export interface Judgement {
  /** Undefined where the timeline is about no failure, and where a finding beside one does not hold. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Version of the catalogue that judges here. */
export const version: string = SDK_VERSION;

const catalogue = [...rules, ...usageRules()];

/**
 * Judges the timeline of an incident that was sent and stored, also by an earlier version: the same rules that judge live, and nothing
 * is asked. Throws where the timeline is none.
 */
export function judgeTimeline(timeline: Timeline): Judgement {
  if (!timeline.about) return { diagnosis: undefined };
  return { diagnosis: diagnose(createFacts(timeline), catalogue, unclassified) as Diagnosis | undefined };
}

export type { Diagnosis } from './causes/codes.js';
export type { Timeline } from './signals/timeline.js';
