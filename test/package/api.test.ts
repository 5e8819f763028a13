import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';

/** The declarations as they were agreed on. A wanted change: `npm run build && npm run test:package -- --update`, and read the diff. */
const dist = join(inject('project'), 'node_modules/socket.io-diagnostics/dist');
const declarations = readdirSync(dist).filter((name) => name.endsWith('.d.mts'));

describe('the public types', () => {
  it.each(declarations)('are those of the report: %s', async (name) => {
    await expect(readFileSync(join(dist, name), 'utf8')).toMatchFileSnapshot(`api/${name.replace('.d.mts', '.d.ts')}`);
  });

  it.each(declarations)('are the same for require: %s', (name) => {
    const asModule = readFileSync(join(dist, name), 'utf8');
    const asScript = readFileSync(join(dist, name.replace('.d.mts', '.d.cts')), 'utf8');
    expect(asScript.replaceAll('.cjs', '.mjs')).toBe(asModule);
  });
});
