import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Rule } from '../../src/diagnosis/rule.js';
import { readRecordings } from './exactness.js';
import { loadRule, partsOf, readSource, ruleModules, type Watch, withModule } from './mutation/load-rule.js';
import { type Effect, Matrix, rules } from './mutation/matrix.js';
import { type Mutant, mutantsOf } from './mutation/mutants.js';
import { survivors } from './mutation/survivors.js';
import { createTypeGuard } from './mutation/type-guard.js';

/**
 * Turns off the conditions of the rules one by one and judges every recording again: a condition that can go without any answer
 * becoming wrong is either needless or unproven. `npm run mutate [code…]`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Writes the report to this file as JSON. */
    json: { type: 'string' },
  },
});

/** Share of the conditions that decide an answer that must be caught or excused, in percent: what stands today. It may only rise. */
const THRESHOLD_PERCENT = 94;

interface Outcome extends Omit<Mutant, 'source' | 'index'> {
  readonly code: string;
  readonly file: string;
  readonly effect: Effect | { readonly is: 'refused' };
  /** Why it may survive. */
  readonly excuse?: string;
}

const matrix = new Matrix(readRecordings());
const modules = await ruleModules();
const isRefused = createTypeGuard();
const outcomes = rules
  .filter(({ code }) => positionals.length === 0 || positionals.includes(code))
  .flatMap((rule) => print(rule.code, tryRule(rule)));
const deciding = outcomes.filter(({ decides }) => decides === 'answer');
const good = deciding.filter(isGood);
const percent = deciding.length === 0 ? 100 : Math.floor((100 * good.length) / deciding.length);
const count = (is: Outcome['effect']['is']) => deciding.filter(({ effect }) => effect.is === is).length;
const excused = deciding.filter(({ excuse }) => excuse !== undefined).length;
console.log(
  `${deciding.length} conditions over ${matrix.size} judgements: without them ${count('wrong')} make an answer wrong, ${count('other')} another one, ${count('refused')} no program, ${count('none')} change nothing, of which ${excused} are excused: ${percent} %, and ${THRESHOLD_PERCENT} % are asked for`,
);
const needless = survivors.filter(
  ({ code, condition }) =>
    (positionals.length === 0 || positionals.includes(code)) &&
    !outcomes.some((one) => one.code === code && one.condition === condition && one.excuse !== undefined),
);
for (const { code, condition } of needless) console.log(`no such survivor any more: ${code} ${condition}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ percent, outcomes }, null, 1)}\n`);
process.exitCode = percent >= THRESHOLD_PERCENT && needless.length === 0 ? 0 : 1;

function isGood({ effect, excuse }: Outcome): boolean {
  return effect.is !== 'none' || excuse !== undefined;
}

function tryRule({ code }: { readonly code: string }): Outcome[] {
  const file = `src/causes/${code}.ts`;
  const source = readSource(file);
  return [
    ...tryFile(code, file, (changed, watch) => loadRule(changed, modules, watch)),
    ...partsOf(code).flatMap((part) =>
      tryFile(code, part, (changed, watch) => loadRule(source, withModule(part, changed, modules, watch))),
    ),
  ];
}

function tryFile(code: string, file: string, load: (changed: string, watch?: Watch) => Rule): Outcome[] {
  const { mutants, watched } = mutantsOf(readSource(file));
  const { said, differs } = matrix.watch((watch) => load(watched, watch));
  return mutants.map(({ source: changed, index, ...mutant }) => {
    const effect = matrix.effectOf(load(changed), said, differs(index, mutant.becomes));
    if (effect.is !== 'none') return { code, file, ...mutant, effect };
    if (isRefused(file, changed)) return { code, file, ...mutant, effect: { is: 'refused' } };
    const excuse = survivors.find((one) => one.code === code && one.condition === mutant.condition)?.reason;
    return { code, file, ...mutant, effect, ...(excuse !== undefined && { excuse }) };
  });
}

function print(code: string, own: Outcome[]): Outcome[] {
  const left = own.filter((one) => !isGood(one));
  console.log(`${code}: ${own.length - left.length} of ${own.length}`);
  for (const { file, line, condition, becomes, decides } of left)
    console.log(
      `  ${file}:${line} ${becomes === 'true' ? 'without' : 'never'} ${condition}${decides === 'answer' ? '' : ` (${decides})`}`,
    );
  return own;
}
