import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { retired } from '../src/causes/retired.js';
import { rules as failureRules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { diagnose, matchRules } from '../src/diagnosis/diagnose.js';
import type { AnyDiagnosis } from '../src/diagnosis/diagnosis.js';
import { createFacts } from '../src/diagnosis/facts.js';
import type { Rule } from '../src/diagnosis/rule.js';
import type { Timeline } from '../src/signals/timeline.js';
import type { Expectation, Fault } from './faults/_kit/fault.js';

interface Recording {
  /** Absent for healthy runs. */
  readonly code: string | null;
  readonly variant: string;
  readonly runtime: string;
  readonly expect: Expectation;
  readonly timeline: Timeline;
}

const rules: readonly Rule[] = [...failureRules, ...usageRules];
const catalogue: readonly Rule[] = [...rules, unclassified];
const codes = catalogue.map(({ code }) => code).sort();
const recordings = namesIn('recordings', '.json').map((name) => ({
  name,
  recording: JSON.parse(readFileSync(new URL(`recordings/${name}.json`, import.meta.url), 'utf8')) as Recording,
}));
const broken = recordings.filter(({ recording }) => recording.code !== null);
const healthy = recordings.filter(({ recording }) => recording.code === null);

describe('parity', () => {
  it('has one file, one rule, one text, one fault and recordings for every code', () => {
    const registries = ['codes', 'retired', 'rules', 'texts', 'usage-rules'];
    expect(namesIn('../src/causes', '.ts').filter((name) => !registries.includes(name))).toEqual(codes);
    expect(Object.keys(texts).sort()).toEqual(codes);
    expect(namesIn('faults', '.ts')).toEqual(codes);
    expect([...new Set(broken.map(({ recording }) => recording.code))].sort()).toEqual(codes);
  });

  it.each(codes)('has a recording of %s in every runtime in which its fault runs', async (code) => {
    const { fault } = (await import(`./faults/${code}.ts`)) as { fault: Fault };
    expect(fault.code).toBe(code);
    const declared = new Set(
      [fault, ...Object.values(fault.variants)]
        .flatMap(({ places }) => places ?? [])
        .map((place) => place.split('-')[0]),
    );
    const recorded = broken
      .filter(({ recording }) => recording.code === code)
      .map(({ recording }) => recording.runtime);
    // A page stands for pages of every browser, of which Chromium is always recorded.
    const others = declared.has('chromium') ? ['firefox', 'webkit'] : [];
    expect([...new Set(recorded)].filter((runtime) => !others.includes(runtime)).sort()).toEqual([...declared].sort());
  });

  it('keeps titles apart, links every text and names only causes that exist', () => {
    expect(new Set(catalogue.map(({ title }) => title)).size).toBe(codes.length);
    for (const text of Object.values(texts)) expect(text.see.length).toBeGreaterThan(0);
    for (const { yieldsTo } of catalogue) expect(codes).toEqual(expect.arrayContaining([...yieldsTo]));
    expect(codes.filter((code) => code in retired)).toEqual([]);
  });

  it('has no two causes that explain each other', () => {
    const yields = new Map(catalogue.map(({ code, yieldsTo }) => [code, yieldsTo]));
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (yields.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
    expect(codes.filter((code) => reaches(code, code))).toEqual([]);
  });
});

describe('exactness', () => {
  it.each(broken)('answers $name with its own code', ({ recording }) => {
    const { code, expect: expected, timeline } = recording;
    const certainty = expected.certainty ?? 'confirmed';
    const told = judge(timeline);
    expect(told && summary(told)).toEqual(expect.stringMatching(new RegExp(`^${certainty} .*\\b${code}\\b`)));
    if (certainty === 'confirmed') {
      const confirmed = matchRules(createFacts(timeline), rules).filter(
        ({ verdict }) => verdict.certainty === 'confirmed',
      );
      expect(confirmed.map(({ rule }) => rule.code)).toEqual([code]);
    }
    for (const member of expected.alternatives ?? []) expect(listed(told)).toContain(member);
    expect(told?.details).toMatchObject(told?.code === code ? (expected.details ?? {}) : {});
  });

  it.each(broken)('keeps the true cause of $name open before it has asked', ({ recording }) => {
    const { code, timeline } = recording;
    if (code === 'unclassified') return;
    const told = judge({ ...timeline, signals: timeline.signals.filter(({ kind }) => kind !== 'probe') });
    // Some questions are the first to tell that there is a question: a late upgrade is none before somebody looks.
    const isSoft = timeline.about?.phase === 'upgrade';
    if (!isSoft || told?.code !== 'unclassified') expect(listed(told)).toContain(code);
  });

  it.each(broken)('confirms nothing else on the way to the answer of $name', ({ recording }) => {
    const { code, expect: expected, timeline } = recording;
    const allowed = [code, ...(expected.also ?? [])];
    for (let seen = 1; seen <= timeline.signals.length; seen += 1) {
      const told = judge({ ...timeline, signals: timeline.signals.slice(0, seen) });
      if (told?.certainty === 'confirmed') expect(allowed, `after ${seen} signals`).toContain(told.code);
    }
  });

  it.each(healthy)('finds nothing in $name', ({ recording: { timeline } }) => {
    const namespace = '/';
    for (const phase of ['connect', 'namespace', 'upgrade', 'session', 'usage'] as const) {
      const facts = createFacts({ ...timeline, about: { phase, namespace, since: 0 } });
      expect(matchRules(facts, rules).map(({ rule }) => rule.code)).toEqual([]);
    }
    for (const aspect of ['reconnection', 'recovery', 'upgrade-offer'] as const) {
      const facts = createFacts({ ...timeline, about: { phase: 'session', namespace, since: 0, aspect } });
      expect(matchRules(facts, rules).map(({ rule }) => rule.code)).toEqual([]);
    }
  });
});

function judge(timeline: Timeline): AnyDiagnosis | undefined {
  return diagnose(createFacts(timeline), rules, unclassified);
}

function listed(told: AnyDiagnosis | undefined): string[] {
  return told ? [told.code, ...told.alternatives.map(({ code }) => code)] : [];
}

/** What a failure shows first: which cause took the answer, how surely, and what else was possible. */
function summary(told: AnyDiagnosis): string {
  const isSettled = told.certainty === 'confirmed';
  return `${told.certainty} ${isSettled ? told.code : listed(told).join(' or ')}`;
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(new URL(`${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}
