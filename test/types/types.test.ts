import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** 5.9 is what many still build with, 7 is another compiler. */
const compilers = { '5.9': 'typescript-5.9', '6': 'typescript', '7': 'typescript-7' };

/** Clients 3.x and 4.0 have no types for `import` (their wrapper.mjs has none): they are required, in a file of CommonJS. */
const projects = ['test/types/tsconfig.json', 'test/types/client-1/tsconfig.json', 'test/types/bundler/tsconfig.json'];

describe.each(Object.entries(compilers))('under TypeScript %s', (_version, compiler) => {
  it.each(projects)('%s holds', (project) => {
    const tsc = `node_modules/${compiler}/bin/tsc`;
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, '--project', project, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
  });
});
