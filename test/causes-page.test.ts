import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { currentCausesPage } from '../scripts/current-causes-page.js';
import { currentReadme } from '../scripts/current-readme.js';

it('CAUSES.md says what the rules, the texts and the recordings say; if not, run `npm run docs`', () => {
  expect(readFileSync('CAUSES.md', 'utf8')).toBe(currentCausesPage());
});

it('README.md says what the recordings prove; if not, run `npm run docs`', () => {
  expect(readFileSync('README.md', 'utf8')).toBe(currentReadme());
});
