import { readdirSync, readFileSync } from 'node:fs';
import { rules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { causesPage } from './causes-page.js';
import { type RecordedFailure, symptoms } from './symptoms.js';

const recordings = new URL('../test/recordings/', import.meta.url);

/** CAUSES.md as the catalogue and the recordings say it now. */
export function currentCausesPage(): string {
  const recorded = readdirSync(recordings)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, recordings), 'utf8')) as RecordedFailure)
    // A use that bites later shows in no event of the client.
    .filter(({ timeline }) => timeline.about?.phase !== 'usage');
  return causesPage([...rules, ...usageRules, unclassified], texts, symptoms(recorded, rules));
}
