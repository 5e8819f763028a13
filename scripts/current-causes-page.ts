import { rules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { causesPage } from './causes-page.js';
import { certaintyTable } from './certainty-table.js';
import { readRecordings } from './recordings.js';
import { symptoms } from './symptoms.js';

/** CAUSES.md, from the catalogue and the recordings as they are now. */
export function currentCausesPage(): string {
  const recordings = readRecordings();
  // A misuse shows in no event of the client.
  const failures = recordings.filter(({ timeline }) => timeline.about?.phase !== 'usage');
  const named = [...rules, ...usageRules()];
  return causesPage([...named, unclassified], texts, symptoms(failures, rules), certaintyTable(named, recordings));
}
