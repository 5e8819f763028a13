import { writeFileSync } from 'node:fs';
import { currentCausesPage } from './current-causes-page.js';
import { currentReadme } from './current-readme.js';
import { wireSchemaFile } from './wire-schema.js';

writeFileSync('README.md', currentReadme());
writeFileSync('CAUSES.md', currentCausesPage());
writeFileSync('schema.json', wireSchemaFile());
