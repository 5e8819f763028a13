import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Plugin, rollup } from 'rollup';
import ts from 'typescript';

/** What a bundler keeps of `import '<entry>'`: only what runs at the top level and has an effect. Packages are left out. */
export async function bundleBareImport(entry: string): Promise<string> {
  const bundle = await rollup({
    input: 'bare-import',
    plugins: [bareImport(resolve(entry)), typescript],
    external: (id) => /^[a-z@]/.test(id) && id !== 'bare-import',
    treeshake: { moduleSideEffects: 'no-external' },
    onLog: (_level, log, handler) => {
      if (log.code !== 'EMPTY_BUNDLE') handler('error', log);
    },
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  return output[0].code.trim();
}

function bareImport(entry: string): Plugin {
  return {
    name: 'bare-import',
    resolveId: (id) => (id === 'bare-import' ? id : null),
    load: (id) => (id === 'bare-import' ? `import ${JSON.stringify(entry)};` : null),
  };
}

const typescript: Plugin = {
  name: 'typescript',
  resolveId(specifier, importer) {
    if (importer === undefined || !specifier.startsWith('.')) return null;
    const path = resolve(dirname(importer), specifier).replace(/\.js$/, '');
    return [`${path}.ts`, `${path}.tsx`].find((candidate) => existsSync(candidate)) ?? null;
  },
  load(id) {
    if (!/\.tsx?$/.test(id)) return null;
    const { outputText } = ts.transpileModule(readFileSync(id, 'utf8'), {
      fileName: id,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.ReactJSX },
    });
    return outputText;
  },
};
