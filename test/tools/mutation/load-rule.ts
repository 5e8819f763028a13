import { readdirSync } from 'node:fs';
import ts from 'typescript';
import type { Rule } from '../../../src/diagnosis/rule.js';

/** Everything that a cause may import by value, by the specifier that it uses. */
export async function ruleModules(): Promise<ReadonlyMap<string, unknown>> {
  const folder = new URL('../../../src/diagnosis/', import.meta.url);
  const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, '.js'));
  const loaded = await Promise.all(
    names.map(async (name) => [`../diagnosis/${name}`, await import(new URL(name, folder).href)] as const),
  );
  return new Map(loaded);
}

/** The rule in the source text of a cause. Types are not checked: a condition that only narrowed a type is off as well. */
export function loadRule(source: string, modules: ReadonlyMap<string, unknown>): Rule {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: { rule?: Rule } = {};
  const require = (specifier: string) => {
    const found = modules.get(specifier);
    if (found === undefined) throw new Error(`a cause imports ${specifier}, which a mutant cannot`);
    return found;
  };
  new Function('exports', 'require', outputText)(exports, require);
  if (!exports.rule) throw new Error('the file of a cause exports no rule');
  return exports.rule;
}
