import { resolve } from 'node:path';
import ts from 'typescript';

/** What says nothing of the condition itself: a name that is not used any more, a comparison that is always the same. */
const BESIDE_THE_POINT = [6133, 6196, 6198, 2367, 2845, 2872, 2873, 7027];

/** Tells whether the compiler refuses the changed source of a file: then the condition is there for the types, too. */
export function createTypeGuard(): (file: string, source: string) => boolean {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.json', ts.sys.readFile).config,
    ts.sys,
    '.',
  );
  const sources = fileNames.filter((name) => /\/src\/(causes|diagnosis|signals)\//.test(resolve(name)));
  const changed = new Map<string, { readonly version: number; readonly text: string }>();
  let version = 0;
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ ...options, noEmit: true, types: [] }),
    getScriptFileNames: () => sources,
    getScriptVersion: (name) => String(changed.get(resolve(name))?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = changed.get(resolve(name))?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => process.cwd(),
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
  });
  return (file, text) => {
    const name = resolve(file);
    version += 1;
    changed.set(name, { version, text });
    const isRefused = service.getSemanticDiagnostics(name).some(({ code }) => !BESIDE_THE_POINT.includes(code));
    changed.delete(name);
    return isRefused;
  };
}
