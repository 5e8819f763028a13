import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type Token } from 'acorn';
import { describe, expect, inject, it } from 'vitest';

const project = inject('project');
const installed = join(project, 'node_modules/socket.io-diagnostics');
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
const packed = execFileSync('tar', ['-tzf', inject('tarball')], { encoding: 'utf8' })
  .split('\n')
  .map((path) => path.replace(/^package\//, ''))
  .filter((path) => path !== '');

describe('the packed package', () => {
  it('has every file that its manifest names', () => {
    expect(namedFiles().filter((path) => !existsSync(join(installed, path)))).toEqual([]);
  });

  it('names every entry that was built', () => {
    const named = namedFiles().map((path) => path.replace('./', ''));
    const entries = packed.filter((path) => /^dist\/[^/]+$/.test(path));
    expect(entries.filter((path) => !named.includes(path))).toEqual([]);
  });

  it('contains the build and the documents, nothing else', () => {
    const other = packed.filter(
      (path) => !/^dist\/(shared\/([\w-]+\/)?)?[\w.-]+\.(mjs|cjs|d\.mts|d\.cts|min\.js)$/.test(path),
    );
    expect(other.sort()).toEqual(['CAUSES.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'schema.json']);
  });

  it('needs mitt and nothing else at run time, and uses it', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['mitt']);
    const code = packed
      .filter((path) => path.endsWith('.mjs'))
      .map((path) => readFileSync(join(installed, path), 'utf8'))
      .join('\n');
    expect(code).toContain("from 'mitt'");
  });

  it('has no install script', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  // webpack 4 reads `import()`, but neither `?.` nor `??`. Firefox before 78 reads no `s` flag, Safari before 16.4 no lookbehind: one
  // expression that a browser cannot read takes the whole bundle of the app with it.
  it('keeps to the syntax that the bundlers and browsers of old apps parse', () => {
    const unread: string[] = [];
    for (const path of packed.filter((name) => /\.(mjs|cjs|min\.js)$/.test(name))) {
      const code = readFileSync(join(installed, path), 'utf8').replaceAll(/\bimport\(/g, 'load(');
      const sourceType = path.endsWith('.mjs') ? 'module' : 'script';
      const onToken = (token: Token & { readonly value?: unknown }) => {
        const { pattern = '', flags = '' } = Object(token.value);
        if (/[^gimuy]/.test(flags) || /\(\?<|\\p\{/i.test(pattern)) unread.push(`${path}: /${pattern}/${flags}`);
      };
      expect(() => parse(code, { ecmaVersion: 2018, sourceType, onToken }), path).not.toThrow();
    }
    expect(unread).toEqual([]);
  });

  it('passes publint --strict', () => {
    expect(run('publint', ['--strict', inject('tarball')])).toEqual({ status: 0, output: expect.any(String) });
  });

  it('passes attw', () => {
    expect(run('attw', [inject('tarball'), '--no-color', '--no-emoji'])).toEqual({
      status: 0,
      output: expect.stringContaining('No problems found'),
    });
  });
});

function namedFiles(): string[] {
  const { exports, main, module, types, browser, unpkg, jsdelivr, bin } = manifest;
  return leaves([exports, main, module, types, browser, unpkg, jsdelivr, bin ?? []]);
}

function leaves(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  return Object.values(node ?? {}).flatMap(leaves);
}

function run(command: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(join('node_modules/.bin', command), args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
