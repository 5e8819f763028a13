import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** 5.9 is what many still build with, 7 is another compiler. */
const compilers = { '5.9': 'typescript-5.9', '6': 'typescript', '7': 'typescript-7' };

/** Clients 3.x and 4.0 have no types for `import` (their wrapper.mjs has none): they are required, in a file of CommonJS. */
const projects = ['test/types/tsconfig.json', 'test/types/client-1/tsconfig.json', 'test/types/bundler/tsconfig.json'];

/** The sources that a page loads, with a standard library as old as the syntax that is shipped. */
const pageOnly = 'test/types/oldest-browser/tsconfig.json';

describe.each(Object.entries(compilers))('under TypeScript %s', (_version, compiler) => {
  it.each(projects)('%s holds', (project) => expect(complaints(compiler, project)).toBe(''));
});

it('what a page loads uses nothing that browsers of ES2018 lack', () => {
  expect(complaints('typescript-7', pageOnly)).toBe('');
});

it('the declarations name no generic array, which TypeScript has since 5.7 alone', () => {
  const declarations = readdirSync('dist').filter((name) => /\.d\.[cm]ts$/.test(name));
  expect(declarations).toContain('index.d.mts');
  const generic = declarations.filter((name) =>
    /\b(\w+\d+Array|ArrayBufferView)</.test(readFileSync(`dist/${name}`, 'utf8')),
  );
  expect(generic).toEqual([]);
});

function complaints(compiler: string, project: string): string {
  const tsc = `node_modules/${compiler}/bin/tsc`;
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '--project', project, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}
