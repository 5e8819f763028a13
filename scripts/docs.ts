import { writeFileSync } from 'node:fs';
import { rules } from '../src/causes/rules.js';
import { texts } from '../src/causes/texts.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { causesPage } from './causes-page.js';

writeFileSync('CAUSES.md', causesPage([...rules, unclassified], texts));
