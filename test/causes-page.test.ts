import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { causesPage } from '../scripts/causes-page.js';
import { rules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';

it('CAUSES.md says what the rules and texts say; if not, run `npm run docs`', () => {
  expect(readFileSync('CAUSES.md', 'utf8')).toBe(causesPage([...rules, unclassified], texts));
});
