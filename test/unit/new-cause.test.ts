import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'new-cause-'));
  for (const path of ['src', 'test/faults', 'test/browser', 'package.json', 'tsconfig.json', 'biome.json']) {
    cpSync(path, join(copy, path), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true }));

describe('npm run new-cause', () => {
  it('writes a cause and a fault that compile and need no formatting, and lists the cause in its place', () => {
    const before = read('src/causes/rules.ts').split('\n').length;
    expect(newCause('middleware-rejected-twice').status).toBe(0);

    const changed = ['src/causes/rules.ts', 'src/causes/texts.ts'];
    const written = ['src/causes/middleware-rejected-twice.ts', 'test/faults/middleware-rejected-twice.ts'];
    expect(read('src/causes/rules.ts').split('\n')).toHaveLength(before + 2);
    expect(read('src/causes/texts.ts')).toContain("  'middleware-rejected-twice': middlewareRejectedTwice,\n");
    const biome = spawnSync('node_modules/.bin/biome', ['check', ...changed, ...written], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect(biome.stdout + biome.stderr).not.toContain('━');
    expect(biome.status).toBe(0);
    expect(typeErrors([...changed, ...written])).toEqual([]);
  });

  it.each([
    ['path-mismatch', 'exists already'],
    ['Path-Mismatch', 'is not a code'],
    ['path_mismatch', 'is not a code'],
    ['path', 'is not a code'],
    ['http-404', 'is not a code'],
    ['no-websocket', 'must name the failing state'],
    ['', 'is not a code'],
  ])('refuses "%s": %s', (code, reason) => {
    const rules = read('src/causes/rules.ts');
    const { status, stderr } = newCause(code);
    expect(stderr).toContain(reason);
    expect(status).toBe(1);
    expect(read('src/causes/rules.ts')).toBe(rules);
  });

  it('refuses a retired code', () => {
    const path = join(copy, 'src/causes/retired.ts');
    ts.sys.writeFile(path, "export const retired = { 'socket-gone': 'server-went-down' };\n");
    expect(newCause('socket-gone').stderr).toContain('is retired');
    expect(existsSync(join(copy, 'src/causes/socket-gone.ts'))).toBe(false);
  });
});

function newCause(code: string) {
  return spawnSync(process.execPath, [resolve('scripts/new-cause.mjs'), code], { cwd: copy, encoding: 'utf8' });
}

function read(path: string): string {
  return readFileSync(join(copy, path), 'utf8');
}

function typeErrors(paths: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(copy, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, copy);
  const files = paths.map((path) => join(copy, path));
  const program = ts.createProgram(files, { ...options, types: [] });
  return files.flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}
