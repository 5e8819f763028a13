import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { retired } from '../src/causes/retired.js';
import { rules as failureRules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { matchRules } from '../src/diagnosis/diagnose.js';
import type { Rule } from '../src/diagnosis/rule.js';
import type { Fault } from './faults/_kit/fault.js';
import { complaint, type Named, type Recording, readRecordings, type View, viewsOf } from './tools/exactness.js';

const rules: readonly Rule[] = [...failureRules, ...usageRules()];
const catalogue: readonly Rule[] = [...rules, unclassified];
const codes = catalogue.map(({ code }) => code).sort();
const recordings = readRecordings();
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
        .map((place) => place.replace('-same', '')),
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
  it.each(broken)('answers $name with its own code', (named) => {
    expect(complaints(named, 'answer')).toEqual([]);
  });

  it.each(broken)('keeps the true cause of $name open before it has asked', (named) => {
    expect(complaints(named, 'open-question')).toEqual([]);
  });

  it.each(broken)('confirms nothing else on the way to the answer of $name', (named) => {
    expect(complaints(named, 'on-the-way')).toEqual([]);
  });

  it.each(healthy)('finds nothing in $name', (named) => {
    expect(complaints(named, 'silence')).toEqual([]);
  });
});

function complaints({ recording }: Named<Recording>, asked: View['asks']): (string | undefined)[] {
  return viewsOf(recording)
    .filter(({ asks }) => asks === asked)
    .map((view) => complaint(recording, view, matchRules(view.facts, rules), unclassified))
    .filter((one) => one !== undefined);
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(new URL(`${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}
