import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../dashboard/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const sheets = readdirSync(new URL('styles/', folder));
/** Everything that is written as text, for that is where classes are named. */
const source = readdirSync(folder)
  .filter((name) => /\.(tsx?|html)$/.test(name))
  .flatMap((name) => read(name).match(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g) ?? [])
  .join('\n');

/** Written out, or made of its beginning and a word: `dot-${…}`. */
function isUsed(name: string): boolean {
  if (new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(source)) return true;
  return [...name.matchAll(/-/g)].some(({ index }) => source.includes(`${name.slice(0, index + 1)}\${`));
}

it.each(sheets.filter((name) => name !== 'index.css'))(
  'has no class in %s that nothing uses, and is loaded',
  (sheet) => {
    const css = read(`styles/${sheet}`).replaceAll(/\/\*.*?\*\//gs, '');
    const selectors = [...css.matchAll(/([^{}]*)\{/g)].map(([, selector]) => selector ?? '');
    const classes = new Set(
      selectors.flatMap((one) => [...one.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name as string)),
    );
    expect([...classes].filter((name) => !isUsed(name))).toEqual([]);
    expect(read('styles/index.css')).toContain(`"./${sheet}"`);
  },
);

it('keeps colours in one place', () => {
  const others = sheets.filter((name) => name !== 'tokens.css');
  const withColours = others.filter((name) => /#[0-9a-f]{3,8}\b|light-dark\(/i.test(read(`styles/${name}`)));
  expect(withColours).toEqual([]);
});

it('uses no property that no sheet sets', () => {
  const all = sheets.map((name) => read(`styles/${name}`)).join('\n');
  const set = new Set([...all.matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
  const used = new Set([...all.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
  expect([...used].filter((name) => !set.has(name))).toEqual([]);
  expect([...set].filter((name) => !used.has(name))).toEqual([]);
});
