import { writeFileSync } from 'node:fs';
import { currentCausesPage } from './current-causes-page.js';
import { wireSchemaFile } from './wire-schema.js';

writeFileSync('CAUSES.md', currentCausesPage());
writeFileSync('schema.json', wireSchemaFile());
