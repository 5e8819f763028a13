import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { lowerNullish } from '../../scripts/lower-nullish.mjs';

const declarations = `
  interface Answer { status: number; text: string; isPage?: boolean; body?: Answer; next?: () => Answer; }
  declare const asked: { answer?: Answer; list?: Answer[]; nothing?: {}; toString?: Answer };
  declare const known: 'GET' | 'POST' | undefined, empty: 'GET' | '' | undefined, branded: (string & { id: 1 }) | undefined;
  declare const foreign: { any?: any; unknown?: unknown };
`;

function lower(expression: string): string {
  const name = 'snippet.ts';
  const file = ts.createSourceFile(name, `${declarations}\n(${expression});`, ts.ScriptTarget.ES2020, true);
  const program = ts.createProgram(
    [name],
    { strict: true, noLib: true, target: ts.ScriptTarget.ES2020 },
    {
      ...ts.createCompilerHost({}),
      getSourceFile: (asked) => (asked === name ? file : undefined),
      fileExists: (asked) => asked === name,
    },
  );
  const lines = lowerNullish(file, program.getTypeChecker()).trim().split('\n');
  return (lines.at(-1) ?? '').slice(1, -2);
}

describe('lowering of `?.` and `??`', () => {
  it.each([
    ['asked.answer?.status', '(asked.answer || {}).status'],
    ['asked.answer?.body?.status', '((asked.answer || {}).body || {}).status'],
    ['asked.answer ?? asked', '((asked.answer) || (asked))'],
    ["known ?? 'GET'", "((known) || ('GET'))"],
    ['asked.answer?.status ?? 0', '(((asked.answer || {}).status) || (0))'],
    ["asked.answer?.text ?? ''", "(((asked.answer || {}).text) || (''))"],
    ['asked.answer?.isPage ?? false', '(((asked.answer || {}).isPage) || (false))'],
  ])('writes %s without a variable', (expression, expected) => {
    expect(lower(expression)).toBe(expected);
  });

  it.each([
    ['what is falsy and something', 'asked.list?.[0].status ?? 1'],
    ['an empty text', "empty ?? 'GET'"],
    ['a text that is branded', "branded ?? 'GET'"],
    ['another kind of nothing', "asked.list?.[0].status ?? ''"],
    ['what may be anything', 'foreign.any ?? foreign'],
    ['what is not known', 'foreign.unknown ?? foreign'],
    ['what has no members', 'asked.nothing ?? asked'],
    ['a plain name', 'known?.length'],
    ['what an empty object has itself', 'asked.answer?.toString'],
    ['a chain that goes on', 'asked.answer?.text.length'],
    ['a call', 'asked.answer?.next?.()'],
  ])('leaves %s to the translator', (_, expression) => {
    expect(lower(expression)).toBe(expression);
  });
});
