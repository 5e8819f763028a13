import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { bundleBareImport } from './tools/bundle-bare-import.js';
import { findCycle } from './tools/find-cycle.js';
import { importGraph, readSources } from './tools/import-graph.js';
import { layerViolations } from './tools/layers.js';
import { reachableFrom } from './tools/reachable-from.js';

const edges = importGraph(readSources(sourcesIn('src', 'collector/src')));

/** Entries of the package; programs under src/cli run when they are imported, as they should. */
const entries = ['src/index.ts', 'src/index.node.ts', 'src/index.native.ts', 'src/explain.ts'];

describe('the sources', () => {
  it('import only what their layer may', () => {
    expect(layerViolations(edges)).toEqual([]);
  });

  it('have no import cycle', () => {
    expect(findCycle(edges)).toBeUndefined();
  });

  it('reach nothing of Node from the entry for browsers, not even a type', () => {
    expect([...reachableFrom('src/index.ts', edges)].filter((target) => isBuiltin(target))).toEqual([]);
  });

  it.each(['src/index.ts', 'src/explain.ts'])('bring no package but mitt along with %s', (entry) => {
    const packages = [...reachableFrom(entry, edges)].filter((target) => !target.startsWith('src/'));
    expect(packages.filter((name) => name !== 'mitt')).toEqual([]);
  });

  it.each(entries)('do nothing when %s is only imported', async (entry) => {
    expect(await bundleBareImport(entry)).toBe('');
  });

  it('export the same names for browsers, for Node and for React Native', () => {
    const names = exportsOf('src/index.ts');
    expect(names).toContain('withDiagnostics');
    expect(exportsOf('src/index.node.ts')).toEqual(names);
    expect(exportsOf('src/index.native.ts')).toEqual(names);
  });
});

describe('these checks', () => {
  const graph = importGraph(
    new Map([
      ['src/index.ts', "export { tap } from './signals/tap.js';"],
      ['src/signals/tap.ts', "import { ask } from '../probes/ask.js'; export const tap = ask;"],
      [
        'src/probes/ask.ts',
        "import type { tap } from '../signals/tap.js'; export const ask = () => import('node:net');",
      ],
      ['src/causes/one.ts', "import { two } from './two.js'; import type { Ask } from '../probes/ask.js';"],
      [
        'src/causes/two.ts',
        "type Signal = import('../signals/tap.js').Signal; export { type Verdict } from '../diagnosis/rule.js';",
      ],
      ['src/diagnosis/rule.ts', "import '../signals/tap.js';"],
      ['src/react/use.ts', "import { observe } from '../observe.js'; // import '../signals/tap.js'"],
      ['src/observe.ts', "import node = require('../src/runtime/node.js');"],
      ['src/runtime/node.ts', 'export const text = "import \'../observe.js\'";'],
      ['src/new-folder/a.ts', "import '../observe.js';"],
    ]),
  );

  it('see each forbidden import and nothing else', () => {
    expect(layerViolations(graph)).toEqual([
      'src/signals/tap.ts imports src/probes/ask.ts',
      'src/causes/one.ts imports src/causes/two.ts',
      'src/causes/one.ts imports types of src/probes/ask.ts',
      'src/diagnosis/rule.ts imports src/signals/tap.ts',
      'src/react/use.ts imports src/observe.ts',
      'src/observe.ts imports src/runtime/node.ts',
      'src/new-folder/a.ts imports src/observe.ts',
    ]);
  });

  it('see a cycle', () => {
    expect(findCycle(graph)).toEqual(['src/signals/tap.ts', 'src/probes/ask.ts', 'src/signals/tap.ts']);
  });

  it('see what is reached through others', () => {
    expect(reachableFrom('src/index.ts', graph)).toContain('node:net');
  });

  it('see an effect at the top level', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bare-'));
    writeFileSync(join(folder, 'quiet.ts'), 'export const quiet: () => void = () => console.log(1);');
    writeFileSync(join(folder, 'loud.ts'), "import { quiet } from './quiet.js'; quiet(); export const loud = 1;");
    expect(await bundleBareImport(join(folder, 'quiet.ts'))).toBe('');
    expect(await bundleBareImport(join(folder, 'loud.ts'))).toContain('quiet()');
    rmSync(folder, { recursive: true });
  });
});

function sourcesIn(...folders: string[]): string[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
    .sort();
}

function exportsOf(entry: string): string[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
  };
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const symbol = source && checker.getSymbolAtLocation(source);
  return symbol === undefined
    ? []
    : checker
        .getExportsOfModule(symbol)
        .map(({ name }) => name)
        .sort();
}
