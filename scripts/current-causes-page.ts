import { rules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { causesPage } from './causes-page.js';
import { readRecordings } from './recordings.js';
import { symptoms } from './symptoms.js';

/** CAUSES.md as the catalogue and the recordings say it now. */
export function currentCausesPage(): string {
  // A use that bites later shows in no event of the client.
  const recorded = readRecordings().filter(({ timeline }) => timeline.about?.phase !== 'usage');
  return causesPage([...rules, ...usageRules(), unclassified], texts, symptoms(recorded, rules));
}
