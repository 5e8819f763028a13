import { rules as failureRules } from '../../../src/causes/rules.js';
import { rule as unclassified } from '../../../src/causes/unclassified.js';
import { usageRules } from '../../../src/causes/usage-rules.js';
import { answer, type Match, matchRules } from '../../../src/diagnosis/diagnose.js';
import type { AnyDiagnosis } from '../../../src/diagnosis/diagnosis.js';
import type { Facts } from '../../../src/diagnosis/facts.js';
import type { Rule, Verdict } from '../../../src/diagnosis/rule.js';
import { complaint, type Named, type Recording, type View, viewsOf } from '../exactness.js';
import type { Watch } from './load-rule.js';
import type { Variation } from './variation.js';
import { brokenVariation, viewOf } from './variation-view.js';
import { variations } from './variations.js';

/** The whole catalogue but its last resort. */
export const rules: readonly Rule[] = [...failureRules, ...usageRules()];

/** What the rules say at every moment of every recording; of the other rules only where the one under trial says something else. */
export class Matrix {
  readonly #moments: readonly Moment[];
  readonly #varied: readonly Varied[];

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

  /** What each condition of a rule was at each judgement, whose watched source is loaded with the given function. */
  watch(load: (watch: Watch) => Rule): Watched {
    const others = new Map<string, Set<number>>();
    let present = -1;
    const note = (index: number, becomes: string) => {
      const key = `${index} ${becomes}`;
      others.set(key, (others.get(key) ?? new Set()).add(present));
    };
    const rule = load((index, value) => {
      if ((value as unknown) !== true) note(index, 'true');
      if ((value as unknown) !== false) note(index, 'false');
      return value;
    });
    const said = [...this.#moments, ...this.#varied].map(({ facts }, at) => {
      present = at;
      return asText(verdictOf(rule, facts));
    });
    return {
      said,
      differs: (index, becomes) => [...(others.get(`${index} ${becomes}`) ?? [])].filter((at) => at >= 0),
    };
  }

  /** What becomes of the answers when a rule is replaced by a changed one that can say something else only at some judgements. */
  effectOf(changed: Rule, before: readonly string[], at: readonly number[]): Effect {
    const rule = rules.findIndex(({ code }) => code === changed.code);
    let first: Effect | undefined;
    for (const index of at) {
      const moment = this.#moments[index];
      if (!moment) break;
      const { name, recording, view } = moment;
      const verdict = verdictOf(changed, view.facts);
      if (asText(verdict) === before[index]) continue;
      // The engine bears a rule that throws, but none may.
      if (verdict === THREW) return { is: 'wrong', where: `${name}: it threw ${view.when}` };
      const verdicts = verdictsAt(moment);
      const matches = rank(view.facts, verdicts.with(rule, verdict));
      const told = complaint(recording, view, matches, unclassified);
      if (told !== undefined) return { is: 'wrong', where: `${name}: ${told}` };
      if (first || view.asks !== 'answer') continue;
      const was = outline(answer(view.facts, rank(view.facts, verdicts), unclassified));
      const is = outline(answer(view.facts, matches, unclassified));
      if (was !== is) first = { is: 'other', where: `${name}: ${is} instead of ${was}` };
    }
    for (const index of at) {
      const varied = this.#varied[index - this.#moments.length];
      if (!varied) continue;
      const { variation, facts } = varied;
      const verdict = verdictOf(changed, facts);
      if (asText(verdict) === before[index]) continue;
      const verdicts = verdictsAt(varied);
      if (verdict === THREW) return { is: 'wrong', where: `${variation.from}, but ${variation.but}: it threw` };
      const told = brokenVariation(variation, rank(facts, verdicts.with(rule, verdict)));
      if (told !== undefined) return { is: 'wrong', where: told };
    }
    return first ?? { is: 'none' };
  }
}

/** What a rule says at each judgement, and where turning a condition off can make it say something else. */
export interface Watched {
  readonly said: readonly string[];
  /** The judgements at which the condition was not that already, in their order. */
  differs(index: number, becomes: 'true' | 'false'): readonly number[];
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
