import { rmSync } from 'node:fs';
import { isAbsolute, resolve, sep } from 'node:path';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { transform } from 'esbuild';
import dts from 'rollup-plugin-dts';
import ts from 'typescript';
import { lowerNullish } from './scripts/lower-nullish.mjs';

/**
 * What the package offers. A new subpath is one line here and one in `exports` (and `typesVersions`) of package.json;
 * test/package/manifest.test.ts fails while the two disagree.
 */
const modules = {
  index: 'src/index.ts',
  'index.node': 'src/index.node.ts',
  'index.native': 'src/index.native.ts',
  explain: 'src/explain.ts',
  otlp: 'src/otlp.ts',
  judge: 'src/judge-timeline.ts',
  file: 'src/file.ts',
};

/** Programs for `bin`: ESM only, without declarations; rollup keeps their shebang. */
const programs = {};

/** Entries whose declarations are another entry's: the three runtimes of the main entry export the same names. */
const declaredElsewhere = ['index.node', 'index.native'];

const publicApi = resolve('src/index.ts');
const internal = resolve('src') + sep;
const bridges = ['react', 'vue', 'otel', 'sentry'].map((folder) => internal + folder + sep);

/** Bridges stand on the public API; naming it as a package leaves the choice of the runtime to whoever resolves it. */
const bridgesImportThePackage = {
  name: 'bridges-import-the-package',
  async resolveId(source, importer) {
    if (importer === undefined || !bridges.some((folder) => importer.startsWith(folder))) return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found?.id === publicApi ? { id: 'socket.io-diagnostics', external: true } : null;
  },
};

/**
 * ES2018, because the bundlers of apps with a 2.x client (webpack 4) cannot parse `?.` and `??`, and few bundlers translate what is in
 * node_modules for the browsers of their app. The types only tell where that takes no variables; they are checked by `npm run typecheck`.
 */
const compile = () => {
  let program;
  return {
    name: 'compile',
    buildStart() {
      const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
      const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
      program = ts.createProgram(Object.values(modules), options);
    },
    resolveId: (source, importer) =>
      importer?.startsWith(internal) && source.startsWith('.')
        ? resolve(importer, '..', source.replace(/\.js$/, '.ts'))
        : null,
    async transform(_, id) {
      const { code } = await transform(lowerNullish(program.getSourceFile(id), program.getTypeChecker()), {
        loader: 'ts',
        target: 'es2018',
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
        sourcefile: id,
      });
      return { code, map: null };
    },
  };
};

const emptyDist = {
  name: 'empty-dist',
  renderStart: () => rmSync('dist', { recursive: true, force: true }),
};

const external = (id) => !id.startsWith('.') && !isAbsolute(id);

/** A cycle or an import that leads nowhere ends the build. */
const onLog = (level, log, handler) => handler(level === 'warn' ? 'error' : level, log);

const output = (format, extension) => ({
  dir: 'dist',
  format,
  exports: 'named',
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `shared/[name].${extension}`,
  generatedCode: 'es2015',
  hoistTransitiveImports: false,
  // mitt's `module` condition makes bundlers answer `require('mitt')` with an ES module.
  interop: 'compat',
});

export default [
  {
    input: modules,
    external,
    onLog,
    plugins: [bridgesImportThePackage, compile()],
    output: [
      // One file for each of ours: an app's bundler must be able to leave out, or load later, whatever it finds unused at first.
      {
        ...output('es', 'mjs'),
        preserveModules: true,
        preserveModulesRoot: 'src',
        entryFileNames: ({ isEntry }) => (isEntry ? '[name].mjs' : 'shared/[name].mjs'),
        plugins: [emptyDist],
      },
      output('cjs', 'cjs'),
    ],
  },
  ...(Object.keys(programs).length === 0
    ? []
    : [{ input: programs, external, onLog, plugins: [compile()], output: output('es', 'mjs') }]),
  {
    input: 'dist/index.mjs',
    onLog,
    plugins: [nodeResolve({ browser: true }), terser({ ecma: 2018 })],
    output: {
      file: 'dist/socket.io-diagnostics.min.js',
      format: 'iife',
      name: 'SocketIODiagnostics',
      // One file has no part to load later.
      inlineDynamicImports: true,
      exports: 'named',
    },
  },
  // Each on its own: a chunk that several share would export what is no part of the public API.
  ...Object.entries(modules)
    .filter(([name]) => !declaredElsewhere.includes(name))
    .map(([name, source]) => ({
      input: { [name]: source },
      external,
      onLog,
      plugins: [bridgesImportThePackage, dts()],
      output: [output('es', 'd.mts'), output('es', 'd.cts')],
    })),
];
