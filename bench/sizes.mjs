// Bytes that an import adds to a page: each entry alone, bundled for browsers by the same esbuild in the same run.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, version } from 'esbuild';
import { writeResult } from './write-result.mjs';

const require = createRequire(import.meta.url);
const ours = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

/** Each as small as its documentation lets it be; what is used is kept alive by a global. */
const entries = [
  { name: 'mitt', from: 'mitt', code: "import mitt from 'mitt'; globalThis.used = mitt;" },
  {
    name: 'web-vitals/attribution: onLCP, onINP, onCLS',
    from: 'web-vitals',
    code: "import { onLCP, onINP, onCLS } from 'web-vitals/attribution'; globalThis.used = [onLCP, onINP, onCLS];",
  },
  {
    name: 'socket.io-diagnostics: withDiagnostics',
    // What a page downloads until something fails; the judge is a part of its own.
    splitting: true,
    code: "import { withDiagnostics } from 'socket.io-diagnostics'; globalThis.used = withDiagnostics;",
  },
  {
    name: 'socket.io-diagnostics: withDiagnostics in a development build (with the checks of `lint`)',
    mode: 'development',
    code: "import { withDiagnostics } from 'socket.io-diagnostics'; globalThis.used = withDiagnostics;",
  },
  {
    name: 'socket.io-diagnostics: withDiagnostics and explain',
    code: "import { withDiagnostics, explain } from 'socket.io-diagnostics'; globalThis.used = [withDiagnostics, explain];",
  },
  {
    name: 'socket.io-client: io',
    from: 'socket.io-client',
    code: "import { io } from 'socket.io-client'; globalThis.used = io;",
  },
  {
    name: 'OpenTelemetry: sdk-logs with OTLP over HTTP',
    from: '@opentelemetry/sdk-logs',
    code: `import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
      import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
      globalThis.used = (url) => new LoggerProvider({
        processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }) })],
      }).getLogger('page');`,
  },
  {
    name: 'Sentry: BrowserClient without integrations',
    from: '@sentry/browser',
    code: `import { BrowserClient, defaultStackParser, makeFetchTransport, Scope } from '@sentry/browser';
      globalThis.used = (dsn) => {
        const client = new BrowserClient({
          dsn, transport: makeFetchTransport, stackParser: defaultStackParser, integrations: [],
        });
        const scope = new Scope();
        scope.setClient(client);
        client.init();
        return scope;
      };`,
  },
  {
    name: 'Grafana Faro: initializeFaro',
    from: '@grafana/faro-web-sdk',
    code: "import { initializeFaro } from '@grafana/faro-web-sdk'; globalThis.used = initializeFaro;",
  },
];

const sizes = [];
for (const { name, from, code, mode = 'production', splitting = false } of entries) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    platform: 'browser',
    ...(splitting && { splitting, outdir: 'split' }),
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    alias: { 'socket.io-diagnostics': ours('index.mjs') },
  });
  const isLater = ({ path }) => /\/judge-[^/]*$/.test(path);
  const parts = [
    { part: name, files: outputFiles.filter((file) => !isLater(file)) },
    { part: `${name}, loaded at the first failure`, files: outputFiles.filter(isLater) },
  ];
  for (const { part, files } of parts) {
    if (files.length === 0) continue;
    const sum = (size) => files.reduce((bytes, { contents }) => bytes + size(contents), 0);
    sizes.push({
      name: part,
      version: from ? versionOf(from) : JSON.parse(readFileSync(ours('../package.json'), 'utf8')).version,
      minified: sum((code) => code.length),
      gzip: sum((code) => gzipSync(code, { level: 9 }).length),
      brotli: sum((code) => brotliCompressSync(code).length),
    });
  }
}
sizes.sort((a, b) => a.gzip - b.gzip);

const bytes = (count) => count.toLocaleString('en');
writeResult('sizes', { esbuild: version, target: 'es2020', sizes }, [
  `Bundled and minified by esbuild ${version} in one run, for browsers, ES2020; bytes.`,
  '',
  '| Import | Version | Minified | gzip -9 | Brotli |',
  '|---|---|--:|--:|--:|',
  ...sizes.map((row) => {
    const name = row.name.startsWith('socket.io-diagnostics') ? `**${row.name}**` : row.name;
    return `| ${name} | ${row.version} | ${bytes(row.minified)} | ${bytes(row.gzip)} | ${bytes(row.brotli)} |`;
  }),
]);

/** Read from the folder, because some packages do not export their manifest. */
function versionOf(name) {
  const folder = require.resolve.paths(name).find((path) => path.endsWith('node_modules'));
  return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version;
}
