import type { AnyDiagnosis } from './diagnosis.js';
import type { Rule, Verdict } from './rule.js';

const DOCS_SITE = 'https://socket.io';

/** A verdict in the form that is reported and sent. */
export function toDiagnosis(rule: Omit<Rule, 'match'>, verdict: Verdict, others: readonly Rule[]): AnyDiagnosis {
  const { code, title, phase, severity, fixedBy, docs } = rule;
  const { certainty, details, evidence } = verdict;
  const alternatives = others.map((other) => ({ code: other.code, title: other.title }));
  return { code, title, phase, certainty, severity, fixedBy, details, evidence, alternatives, docs: DOCS_SITE + docs };
}
