import { readFileSync } from 'node:fs';
import { rules } from '../src/causes/rules.js';
import { coverageTable } from './coverage-table.js';
import { type Recorded, readRecordings } from './recordings.js';
import { symptoms } from './symptoms.js';

const BEGIN = '<!-- coverage: written by `npm run docs` from the recordings -->';
/** In the first paragraph. */
const ALIKE = /In a browser, \d+ causes look/;
const END = '<!-- end of coverage -->';

/** README.md with the number of causes behind one message, and the table of what is proven, as the recordings say them now. */
export function currentReadme(): string {
  const recordings = readRecordings();
  const readme = readFileSync('README.md', 'utf8').replace(
    ALIKE,
    `In a browser, ${causesAlike(recordings)} causes look`,
  );
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md must have the lines "${BEGIN}" and "${END}"`);
  return `${readme.slice(0, from)}${BEGIN}\n\n${coverageTable(recordings)}\n\n${readme.slice(to)}`;
}

/** How many causes were recorded in a browser behind the error that a page sees most often. */
function causesAlike(recordings: readonly Recorded[]): number {
  const inBrowsers = recordings.filter(({ runtime }) => runtime !== 'react-native');
  const row = symptoms(inBrowsers, rules).find(
    ({ seen }) => seen === '`connect_error` “xhr poll error”, no status (0)',
  );
  if (row === undefined) throw new Error('No recording begins with an xhr poll error any more.');
  return row.inPages.length;
}
