import { rules as failureRules } from '../../../src/causes/rules.js';
import { rule as unclassified } from '../../../src/causes/unclassified.js';
import { usageRules } from '../../../src/causes/usage-rules.js';
import { answer, type Match, matchRules } from '../../../src/diagnosis/diagnose.js';
import type { AnyDiagnosis } from '../../../src/diagnosis/diagnosis.js';
import type { Facts } from '../../../src/diagnosis/facts.js';
import type { Rule, Verdict } from '../../../src/diagnosis/rule.js';
import { complaint, type Named, type Recording, type View, viewsOf } from '../exactness.js';
import type { Variation } from './variation.js';
import { brokenVariation, viewOf } from './variation-view.js';
import { variations } from './variations.js';

/** The whole catalogue but its last resort. */
export const rules: readonly Rule[] = [...failureRules, ...usageRules()];

/** What the rules say at every moment of every recording; of the other rules only where the one under trial says something else. */
export class Matrix {
  readonly #moments: readonly Moment[];
  readonly #varied: readonly Varied[];
  readonly #said = new Map<string, readonly string[]>();

  constructor(recordings: readonly Named<Recording>[]) {
    this.#moments = recordings.flatMap(({ name, recording }) =>
      viewsOf(recording).map((view) => ({ name, recording, view, facts: view.facts })),
    );
    const byName = new Map(recordings.map(({ name, recording }) => [name, recording]));
    this.#varied = variations.map((variation) => ({ variation, facts: viewOf(variation, byName) }));
  }

  /** How many judgements one pass over all recordings takes. */
  get size(): number {
    return this.#moments.length + this.#varied.length;
  }

  /** What becomes of the answers when a rule is replaced by a changed one. */
  effectOf(changed: Rule): Effect {
    const at = rules.findIndex(({ code }) => code === changed.code);
    const before = this.#saidBefore(changed.code);
    let first: Effect | undefined;
    for (const [index, moment] of this.#moments.entries()) {
      const { name, recording, view } = moment;
      const verdict = verdictOf(changed, view.facts);
      if (asText(verdict) === before[index]) continue;
      // The engine bears a rule that throws, but none may.
      if (verdict === THREW) return { is: 'wrong', where: `${name}: it threw ${view.when}` };
      const verdicts = verdictsAt(moment);
      const matches = rank(view.facts, verdicts.with(at, verdict));
      const told = complaint(recording, view, matches, unclassified);
      if (told !== undefined) return { is: 'wrong', where: `${name}: ${told}` };
      if (first || view.asks !== 'answer') continue;
      const was = outline(answer(view.facts, rank(view.facts, verdicts), unclassified));
      const is = outline(answer(view.facts, matches, unclassified));
      if (was !== is) first = { is: 'other', where: `${name}: ${is} instead of ${was}` };
    }
    for (const varied of this.#varied) {
      const { variation, facts } = varied;
      const verdict = verdictOf(changed, facts);
      const verdicts = verdictsAt(varied);
      if (asText(verdict) === asText(verdicts[at])) continue;
      if (verdict === THREW) return { is: 'wrong', where: `${variation.from}, but ${variation.but}: it threw` };
      const told = brokenVariation(variation, rank(facts, verdicts.with(at, verdict)));
      if (told !== undefined) return { is: 'wrong', where: told };
    }
    return first ?? { is: 'none' };
  }

  #saidBefore(code: string): readonly string[] {
    const rule = rules.find((one) => one.code === code);
    const known = this.#said.get(code);
    if (known || !rule) return known ?? [];
    const said = this.#moments.map(({ facts }) => asText(verdictOf(rule, facts)));
    this.#said.set(code, said);
    return said;
  }
}

/** `wrong`: a check fails. `other`: an answer lists, orders or describes something else, which no check forbids. */
export type Effect =
  | { readonly is: 'wrong' | 'other'; readonly where: string }
  | { readonly is: 'none'; readonly where?: undefined };

interface Judged {
  readonly facts: Facts;
  verdicts?: readonly Said[];
}

interface Moment extends Judged {
  readonly name: string;
  readonly recording: Recording;
  readonly view: View;
}

interface Varied extends Judged {
  readonly variation: Variation;
}

type Said = Verdict | undefined | typeof THREW;

const THREW = 'threw';

function verdictsAt(judged: Judged): readonly Said[] {
  judged.verdicts ??= rules.map((rule) => verdictOf(rule, judged.facts));
  return judged.verdicts;
}

function asText(said: Said): string {
  return said === undefined ? '' : JSON.stringify(said);
}

function rank(facts: Facts, verdicts: readonly Said[]): Match[] {
  const said = rules.map((rule, at) => {
    const verdict = verdicts[at];
    return { ...rule, match: () => (verdict === THREW ? undefined : verdict) };
  });
  return matchRules(facts, said);
}

function outline(told: AnyDiagnosis | undefined): string {
  if (!told) return 'nothing';
  const alternatives = told.alternatives.map(({ code }) => code);
  return `${told.certainty} ${[told.code, ...alternatives].join(' or ')} ${JSON.stringify(told.details)}`;
}

function verdictOf(rule: Rule, facts: Facts): Said {
  try {
    return rule.match(facts);
  } catch {
    return THREW;
  }
}
