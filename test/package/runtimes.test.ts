import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { texts } from '../../src/causes/texts.js';

const project = inject('project');
const names = ['explain', 'httpSink', 'withDiagnostics', 'wrapIo'];

describe('an installed package', () => {
  it('is imported', () => {
    const code = `import * as all from 'socket.io-diagnostics'; ${print('all')}`;
    expect(runFile('import.mjs', code)).toEqual(expect.arrayContaining(names));
  });

  it('is required', () => {
    const code = `const all = require('socket.io-diagnostics'); ${print('all')}`;
    expect(runFile('require.cjs', code)).toEqual(expect.arrayContaining(names));
  });

  it('offers explain alone', () => {
    expect(runFile('explain.mjs', `import * as all from 'socket.io-diagnostics/explain'; ${print('all')}`)).toEqual([
      'explain',
    ]);
    expect(runFile('explain.cjs', `const all = require('socket.io-diagnostics/explain'); ${print('all')}`)).toEqual([
      'explain',
    ]);
  });

  it.each([
    ['otlp', 'otlpSink', []],
    ['file', 'fileStorage', []],
    ['judge', 'judgeTimeline', ['version']],
  ])(
    'offers %s alone, imported and required, and leaves it out of a page that does not',
    async (subpath, name, more) => {
      const source = `socket.io-diagnostics/${subpath}`;
      const offered = [name, ...more];
      expect(runFile(`${subpath}.mjs`, `import * as all from '${source}'; ${print('all')}`)).toEqual(offered);
      expect(runFile(`${subpath}.cjs`, `const all = require('${source}'); ${print('all')}`)).toEqual(offered);
      const page = await bundleText("import { withDiagnostics } from 'socket.io-diagnostics'; withDiagnostics(io());");
      expect(page).not.toContain(name);
      expect(page).not.toMatch(/resourceLogs|node:/);
    },
  );

  it('diagnoses a refused connection in Node, imported and required, and lets the process end by itself', () => {
    const use = `
      const socket = withDiagnostics(io('http://127.0.0.1:9'), {
        onDiagnosis: ({ diagnosis, incident }) => {
          if (!incident.settled) return;
          console.log(JSON.stringify(diagnosis.code));
          socket.disconnect();
        },
      });`;
    const imports = `import { io } from 'socket.io-client'; import { withDiagnostics } from 'socket.io-diagnostics';`;
    const requires = `const { io } = require('socket.io-client'); const { withDiagnostics } = require('socket.io-diagnostics');`;
    expect(runFile('use.mjs', imports + use)).toBe('server-unreachable');
    expect(runFile('use.cjs', requires + use)).toBe('server-unreachable');
  });

  it('is taken in its build for browsers by a page, a worker and a server that renders pages, without a global', async () => {
    const code = `import * as all from 'socket.io-diagnostics'; ${print('all')}`;
    writeFileSync(join(project, 'page.mjs'), code);
    const bundle = await bundleOf('page.mjs');
    expect(bundle).not.toMatch(/node:|require\(/);
    // What a server that renders the page runs: the same bundle where neither window nor document exist.
    expect(runFile('rendered.mjs', bundle)).toEqual(expect.arrayContaining(names));
    const worker = `
      import { Worker } from 'node:worker_threads';
      new Worker(${JSON.stringify(`globalThis.self = globalThis; ${bundle}`)}, { eval: true }).on('error', (error) => { throw error; });`;
    expect(runFile('worker.mjs', worker)).toEqual(expect.arrayContaining(names));
  });

  it('works where a bundler answers require with ES modules', async () => {
    writeFileSync(join(project, 'page.cjs'), `const all = require('socket.io-diagnostics'); ${print('all')}`);
    expect(runFile('page-bundled.cjs', await bundleOf('page.cjs'))).toEqual(expect.arrayContaining(names));
  });

  it('leaves the prose out of a page that does not import explain', async () => {
    const prose = Object.values(texts).map(({ summary }) => longest(summary.split(/[^\w ,.]/)));
    const silent = await bundleText("import { withDiagnostics } from 'socket.io-diagnostics'; withDiagnostics(io());");
    const telling = await bundleText("import { explain } from 'socket.io-diagnostics'; explain(diagnosis);");
    expect(prose.filter((opening) => silent.includes(opening))).toEqual([]);
    expect(prose.filter((opening) => !telling.includes(opening))).toEqual([]);
  });

  it('leaves nothing of itself in a page that imports it for nothing', async () => {
    expect((await bundleText("import 'socket.io-diagnostics';")).trim()).toBe('');
  });
});

function print(name: string): string {
  return `console.log(JSON.stringify(Object.keys(${name}).filter((key) => key !== 'default').sort()));`;
}

function longest(parts: readonly string[]): string {
  return parts.reduce((one, other) => (other.length > one.length ? other : one));
}

/** Runs the code in a process of its own inside the project and reads the one JSON value that it prints. */
function runFile(name: string, code: string): unknown {
  const path = join(project, name);
  writeFileSync(path, code);
  return JSON.parse(execFileSync(process.execPath, [path], { cwd: project, encoding: 'utf8', timeout: 60_000 }));
}

async function bundleText(code: string): Promise<string> {
  writeFileSync(join(project, 'entry.mjs'), code);
  return bundleOf('entry.mjs');
}

async function bundleOf(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: entry.endsWith('.cjs') ? 'cjs' : 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
