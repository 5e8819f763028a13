import { rules as failureRules } from '../../../src/causes/rules.js';
import { rule as unclassified } from '../../../src/causes/unclassified.js';
import { usageRules } from '../../../src/causes/usage-rules.js';
import { answer, type Match, matchRules } from '../../../src/diagnosis/diagnose.js';
import type { AnyDiagnosis } from '../../../src/diagnosis/diagnosis.js';
import type { Facts } from '../../../src/diagnosis/facts.js';
import type { Rule, Verdict } from '../../../src/diagnosis/rule.js';
import { complaint, type Named, type Recording, type View, viewsOf } from '../exactness.js';
import { brokenVariation, viewOf } from './variation-view.js';
import { type Variation, variations } from './variations.js';

/** The whole catalogue but its last resort. */
export const rules: readonly Rule[] = [...failureRules, ...usageRules];

/** What every rule says at every moment of every recording, so that only the rule under trial has to be asked again. */
export class Matrix {
  readonly #moments: readonly Moment[];
  readonly #varied: readonly Varied[];

  constructor(recordings: readonly Named<Recording>[]) {
    this.#moments = recordings.flatMap(({ name, recording }) =>
      viewsOf(recording).map((view) => ({
        name,
        recording,
        view,
        verdicts: rules.map((rule) => verdictOf(rule, view)),
      })),
    );
    const byName = new Map(recordings.map(({ name, recording }) => [name, recording]));
    this.#varied = variations.map((variation) => {
      const facts = viewOf(variation, byName);
      return { variation, facts, verdicts: rules.map((rule) => verdictOf(rule, { facts })) };
    });
  }

  /** How many judgements one pass over all recordings takes. */
  get size(): number {
    return this.#moments.length + this.#varied.length;
  }

  /** What becomes of the answers when a rule is replaced by a changed one. */
  effectOf(changed: Rule): Effect {
    const at = rules.findIndex(({ code }) => code === changed.code);
    let first: Effect | undefined;
    for (const { name, recording, view, verdicts } of this.#moments) {
      const verdict = verdictOf(changed, view);
      // The engine bears a rule that throws, but none may.
      if (verdict === THREW) return { is: 'wrong', where: `${name}: it threw ${view.when}` };
      if (JSON.stringify(verdict) === JSON.stringify(verdicts[at])) continue;
      const matches = rank(view, verdicts.with(at, verdict));
      const told = complaint(recording, view, matches, unclassified);
      if (told !== undefined) return { is: 'wrong', where: `${name}: ${told}` };
      if (first || view.asks !== 'answer') continue;
      const before = outline(answer(view.facts, rank(view, verdicts), unclassified));
      const after = outline(answer(view.facts, matches, unclassified));
      if (before !== after) first = { is: 'other', where: `${name}: ${after} instead of ${before}` };
    }
    for (const { variation, facts, verdicts } of this.#varied) {
      const verdict = verdictOf(changed, { facts });
      if (verdict === THREW) return { is: 'wrong', where: `${variation.from}, but ${variation.but}: it threw` };
      if (JSON.stringify(verdict) === JSON.stringify(verdicts[at])) continue;
      const told = brokenVariation(variation, rank({ facts }, verdicts.with(at, verdict)));
      if (told !== undefined) return { is: 'wrong', where: told };
    }
    return first ?? { is: 'none' };
  }
}

/** `wrong`: a check fails. `other`: an answer lists, orders or describes something else, which no check forbids. */
export type Effect =
  | { readonly is: 'wrong' | 'other'; readonly where: string }
  | { readonly is: 'none'; readonly where?: undefined };

interface Moment {
  readonly name: string;
  readonly recording: Recording;
  readonly view: View;
  readonly verdicts: readonly Said[];
}

interface Varied {
  readonly variation: Variation;
  readonly facts: Facts;
  readonly verdicts: readonly Said[];
}

type Said = Verdict | undefined | typeof THREW;

const THREW = 'threw';

function rank({ facts }: Pick<View, 'facts'>, verdicts: readonly Said[]): Match[] {
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

function verdictOf(rule: Rule, { facts }: Pick<View, 'facts'>): Said {
  try {
    return rule.match(facts);
  } catch {
    return THREW;
  }
}
