import { writeFileSync } from 'node:fs';
import { currentCausesPage } from './current-causes-page.js';

writeFileSync('CAUSES.md', currentCausesPage());
