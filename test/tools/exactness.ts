import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { answer, type Match } from '../../src/diagnosis/diagnose.js';
import type { AnyDiagnosis } from '../../src/diagnosis/diagnosis.js';
import { createFacts, type Facts } from '../../src/diagnosis/facts.js';
import type { Rule } from '../../src/diagnosis/rule.js';
import type { FailureScope, Timeline } from '../../src/signals/timeline.js';
import type { Expectation } from '../faults/_kit/fault.js';

/** What a fault or a healthy set-up showed, as `npm run record` writes it. */
export interface Recording {
  /** Absent for healthy runs. */
  readonly code: string | null;
  readonly variant: string;
  readonly runtime: string;
  readonly expect: Expectation;
  readonly timeline: Timeline;
}

/** One moment of a recording at which it is judged, and what is asked of the judgement. */
export interface View {
  readonly asks: 'answer' | 'open-question' | 'on-the-way' | 'silence';
  readonly when: string;
  readonly facts: Facts;
}

export interface Named<T> {
  readonly name: string;
  readonly recording: T;
}

/** All recordings, in the order of their names. */
export function readRecordings(): Named<Recording>[] {
  const folder = new URL('../recordings/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      recording: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recording,
    }));
}

const whole = { namespace: '/', since: 0 };

/** Every moment at which a recording is judged: at its end, before anything was asked, and after each of its signals. */
export function viewsOf({ code, timeline }: Recording): View[] {
  const { signals } = timeline;
  if (code === null) {
    const scopes: FailureScope[] = [
      ...(['connect', 'namespace', 'upgrade', 'session', 'usage'] as const).map((phase) => ({ phase, ...whole })),
      ...(['reconnection', 'recovery', 'upgrade-offer'] as const).map((aspect) => ({
        phase: 'session' as const,
        ...whole,
        aspect,
      })),
    ];
    return scopes.map((about) => ({
      asks: 'silence',
      when: `judged as ${about.aspect ?? about.phase}`,
      facts: createFacts({ ...timeline, about }),
    }));
  }
  const unasked = signals.filter(({ kind }) => kind !== 'probe');
  return [
    { asks: 'answer', when: 'at the end', facts: createFacts(timeline) },
    { asks: 'open-question', when: 'before it asked', facts: createFacts({ ...timeline, signals: unasked }) },
    ...signals.map((_, at) => ({
      asks: 'on-the-way' as const,
      when: `after ${at + 1} signals`,
      facts: createFacts({ ...timeline, signals: signals.slice(0, at + 1) }),
    })),
  ];
}

/** What is wrong with a judgement, in words; undefined when it is right. */
export function complaint(
  { code, expect, timeline }: Recording,
  { asks, when, facts }: View,
  matches: readonly Match[],
  fallback: Rule,
): string | undefined {
  const codes = matches.map(({ rule }) => rule.code);
  if (asks === 'silence') return codes.length === 0 ? undefined : `${when}, it told ${codes}`;
  if (code === null) return undefined;
  const told = answer(facts, matches, fallback);
  if (asks === 'answer') return wrongAnswer(code, expect, told, matches);
  if (asks === 'open-question') {
    // Some questions are the first to tell that there is a question: a late upgrade is none before somebody looks.
    const isSoft = timeline.about?.phase === 'upgrade' && told?.code === 'unclassified';
    return code === 'unclassified' || isSoft || listed(told).includes(code)
      ? undefined
      : `${when}, it told ${summary(told)} without ${code}`;
  }
  const isWrong = told?.certainty === 'confirmed' && ![code, expect.within, ...(expect.also ?? [])].includes(told.code);
  return isWrong ? `${when}, it told ${summary(told)}` : undefined;
}

function wrongAnswer(
  code: string,
  expect: Expectation,
  told: AnyDiagnosis | undefined,
  matches: readonly Match[],
): string | undefined {
  const certainty = expect.certainty ?? 'confirmed';
  const shown = expect.within ?? code;
  const isTold = listed(told).includes(code) && ((certainty === 'suspected' && !expect.best) || told?.code === shown);
  if (told?.certainty !== certainty || !isTold) return `it told ${summary(told)}, not ${certainty} ${code}`;
  const confirmed = matches.filter(({ verdict }) => verdict.certainty === 'confirmed').map(({ rule }) => rule.code);
  if (certainty === 'confirmed' && !isDeepStrictEqual(confirmed, [shown])) return `it confirmed ${confirmed}`;
  const missing = (expect.alternatives ?? []).filter((member) => !listed(told).includes(member));
  if (missing.length > 0) return `it did not list ${missing}`;
  if (told.code !== code) return undefined;
  const details = told.details as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(expect.details ?? {}).filter(
    ([name, value]) => !isDeepStrictEqual(details[name], value),
  );
  return wrong.length === 0 ? undefined : `its details were ${JSON.stringify(details)}`;
}

function listed(told: AnyDiagnosis | undefined): string[] {
  return told ? [told.code, ...told.alternatives.map(({ code }) => code)] : [];
}

/** What a failure shows first: which cause took the answer, how surely, and what else was possible. */
function summary(told: AnyDiagnosis | undefined): string {
  return told ? `${told.certainty} ${listed(told).join(' or ')}` : 'nothing';
}
