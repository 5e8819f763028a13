import { readFileSync } from 'node:fs';
import { coverageTable } from './coverage-table.js';
import { readRecordings } from './recordings.js';

const BEGIN = '<!-- coverage: written by `npm run docs` from the recordings -->';
const END = '<!-- end of coverage -->';

/** README.md with the table of what is proven as the recordings say it now. */
export function currentReadme(): string {
  const readme = readFileSync('README.md', 'utf8');
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md must have the lines "${BEGIN}" and "${END}"`);
  return `${readme.slice(0, from)}${BEGIN}\n\n${coverageTable(readRecordings())}\n\n${readme.slice(to)}`;
}
