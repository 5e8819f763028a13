import { readFileSync } from 'node:fs';
import { rules } from '../src/causes/rules.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { coverageTable } from './coverage-table.js';
import { type Recorded, readRecordings } from './recordings.js';
import { symptoms } from './symptoms.js';

const BEGIN = '<!-- coverage: written by `npm run docs` from the recordings -->';
/** In the first paragraph. */
const ALIKE = /In a browser, \d+ causes look/;
/** In the paragraph below the first example. */
const ALL = /\[\d+ causes\]\(CAUSES\.md\)/;
const END = '<!-- end of coverage -->';

/** README.md with its counts of causes and its coverage table, from the catalogue and the recordings as they are now. */
export function currentReadme(): string {
  const recordings = readRecordings();
  const readme = readFileSync('README.md', 'utf8')
    .replace(ALIKE, `In a browser, ${causesAlike(recordings)} causes look`)
    .replace(ALL, `[${rules.length + usageRules().length} causes](CAUSES.md)`);
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md must have the lines "${BEGIN}" and "${END}"`);
  return `${readme.slice(0, from)}${BEGIN}\n\n${coverageTable(recordings)}\n\n${readme.slice(to)}`;
}

/** How many causes were recorded in a browser behind the error that pages see most often. */
function causesAlike(recordings: readonly Recorded[]): number {
  const inBrowsers = recordings.filter(({ runtime }) => runtime !== 'react-native');
  const row = symptoms(inBrowsers, rules).find(
    ({ words, statuses }) => words.startsWith('“xhr poll error”') && statuses.includes(0),
  );
  if (row === undefined) throw new Error('No recording begins with an xhr poll error any more.');
  return row.inPages.flat().length;
}
