import type { LocalHints } from './local-hints.js';
import type { Certainty, Evidence, FixedBy, Phase, Rule, Severity } from './rule.js';

/** The answer: what is broken, how sure that is, why we think so, and who can mend it. Plain JSON. */
export interface DiagnosisOf<Code extends string, Details extends object> {
  readonly code: Code;
  readonly title: string;
  readonly phase: Phase;
  readonly certainty: Certainty;
  readonly severity: Severity;
  readonly fixedBy: FixedBy;
  readonly details: Details;
  readonly evidence: readonly Evidence[];
  /** Other causes that the facts leave possible, best first; empty when confirmed. */
  readonly alternatives: readonly Alternative[];
  /** Page of the Socket.IO documentation that explains it. */
  readonly docs: string;
  /** Where in the app's own code; only of usage checks, and only in what this page itself is told. */
  readonly local?: LocalHints;
}

export interface Alternative {
  readonly code: string;
  readonly title: string;
}

/** Turns a registry of rules into the union of their diagnoses, so that narrowing on `code` types `details`. */
export type DiagnosisFrom<R> = R extends Rule<infer Code, infer Details> ? DiagnosisOf<Code, Details> : never;

/** Any diagnosis, with a code that this version may not know (stored data, newer SDKs). */
export type AnyDiagnosis = DiagnosisOf<string, object>;
