import type { LocalHints } from './local-hints.js';
import type { Certainty, Evidence, FixedBy, Phase, Rule, Severity } from './rule.js';

/** The diagnosis: what is broken, how certain that is, the evidence, and who can fix it. Plain JSON. */
export interface DiagnosisOf<Code extends string, Details extends object> {
  readonly code: Code;
  readonly title: string;
  readonly phase: Phase;
  readonly certainty: Certainty;
  readonly severity: Severity;
  readonly fixedBy: FixedBy;
  readonly details: Details;
  readonly evidence: readonly Evidence[];
  /**
   * Other causes that the facts leave possible, best first. Empty when confirmed, except when confirmed as a class: then it lists the other
   * members of the class.
   */
  readonly alternatives: readonly Alternative[];
  /** Page of the Socket.IO documentation that explains it. */
  readonly docs: string;
  /** Where in the app's own code; only for usage checks, and only in what is reported within this page. */
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
