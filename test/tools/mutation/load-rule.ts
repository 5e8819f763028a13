import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Rule } from '../../../src/diagnosis/rule.js';
import { WATCH } from './mutants.js';

/** Everything that a cause may import by value, by the specifier that it uses. */
export type RuleModules = ReadonlyMap<string, unknown>;

/** Is told what a condition was, and hands it on. */
export type Watch = <T>(index: number, value: T) => T;

const handOn: Watch = (_, value) => value;

const root = new URL('../../../', import.meta.url);
const FOLDER = '../diagnosis/';

export async function ruleModules(): Promise<RuleModules> {
  const names = readdirSync(new URL('src/diagnosis/', root)).map((file) => file.replace(/\.ts$/, '.js'));
  const loaded = await Promise.all(
    names.map(async (name) => [FOLDER + name, await import(new URL(`src/diagnosis/${name}`, root).href)] as const),
  );
  return new Map(loaded);
}

/** The source text of a file of ours, by its path in the repository. */
export function readSource(file: string): string {
  return readFileSync(fileURLToPath(new URL(file, root)), 'utf8');
}

/** The rule in the source text of a cause. Types are not checked: a condition that only narrowed a type is off as well. */
export function loadRule(source: string, modules: RuleModules, watch = handOn): Rule {
  const { rule } = evaluate(source, modules, watch) as { rule?: Rule };
  if (!rule) throw new Error('the file of a cause exports no rule');
  return rule;
}

/** The modules with another source text for one file of `src/diagnosis`, for those who import it themselves. */
export function withModule(file: string, source: string, modules: RuleModules, watch = handOn): RuleModules {
  const name = FOLDER + file.replace(/^.*\//, '').replace(/\.ts$/, '.js');
  return new Map([...modules, [name, evaluate(source, modules, watch)]]);
}

/** Files of `src/diagnosis` that only this cause imports by value: they are parts of it. */
export function partsOf(code: string): readonly string[] {
  return parts.filter(([, users]) => users.size === 1 && users.has(`src/causes/${code}.ts`)).map(([file]) => file);
}

const sources = ['src/', 'src/causes/', 'src/diagnosis/', 'src/incidents/'].flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ file: folder + name, text: readSource(folder + name) })),
);
const parts = readdirSync(new URL('src/diagnosis/', root)).map((name) => {
  const imported = new RegExp(`^import (?!type )[^;]*/${name.replace(/\.ts$/, '')}\\.js';`, 'm');
  const users = sources.filter(({ text }) => imported.test(text)).map(({ file }) => file);
  return [`src/diagnosis/${name}`, new Set(users)] as const;
});

function evaluate(source: string, modules: RuleModules, watch: Watch): object {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports = {};
  const require = (specifier: string) => {
    const found = modules.get(specifier.replace(/^\.\/(?!\.)/, FOLDER));
    if (found === undefined) throw new Error(`a cause imports ${specifier}, which a mutant cannot`);
    return found;
  };
  new Function('exports', 'require', WATCH, outputText)(exports, require, watch);
  return exports;
}
