import type { Rule } from '../src/diagnosis/rule.js';
import { bestAnswers } from './best-answers.js';
import { markdownTable } from './markdown-table.js';
import type { Recorded } from './recordings.js';

/** Runtimes of the recordings, and what they are called here. */
const runtimes: readonly (readonly [string, string])[] = [
  ['node', 'Node'],
  ['chromium', 'Chromium'],
  ['firefox', 'Firefox'],
  ['webkit', 'WebKit'],
  ['react-native', 'React Native'],
];

/** The best answer recorded for each cause in each runtime: one row per cause. */
export function certaintyTable(rules: readonly Rule[], recordings: readonly Recorded[]): string {
  const best = bestAnswers(recordings);
  const rows = rules.map(({ code }) => [
    `[\`${code}\`](#${code})`,
    ...runtimes.map(([runtime]) => best.get(code)?.get(runtime) ?? '–'),
  ]);
  const heads = ['Code', ...runtimes.map(([, name]) => name)];
  return markdownTable(heads, rows);
}
