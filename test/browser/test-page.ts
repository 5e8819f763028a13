import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { browserClient, type ClientVersion } from '../faults/_kit/client-version.js';
import { type Listening, listen } from '../faults/_kit/listen.js';
import type { TestPage } from './page-driver.js';

const pagePath = '/-test-page';

let pageServer: Promise<Listening> | undefined;
const pages = new Map<string, { readonly html: string; readonly headers: Readonly<Record<string, string>> }>();

/** A page with the given client version and the SDK in it: on a server of the tests, or at an origin that knows nothing of it. */
export async function makeTestPage(
  version: ClientVersion,
  { origin, headers }: { readonly origin: string | undefined; readonly headers: Readonly<Record<string, string>> },
): Promise<TestPage> {
  const scripts = await Promise.all([browserClient(version), pageScript()]);
  const html = documentOf(scripts);
  // Nobody can answer for a file.
  if (origin === 'file:') return { address: await fileWith(html), origin: 'served', html, scripts };
  if (origin !== undefined) {
    return { address: new URL(pagePath, origin).href, origin: 'invented', html, scripts };
  }
  pageServer ??= listen(
    createServer((request, response) => {
      const page = pages.get(request.url ?? '');
      if (page) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
      else response.writeHead(404).end();
    }),
  );
  const path = `${pagePath}?${pages.size}`;
  pages.set(path, { html, headers });
  return { address: `${(await pageServer).url}${path}`, origin: 'served', html, scripts };
}

let fileFolder: Promise<string> | undefined;

async function makeFileFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'test-page-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The document as a file, as somebody opens it from a folder; it goes with the process. */
async function fileWith(html: string): Promise<string> {
  fileFolder ??= makeFileFolder();
  const path = join(await fileFolder, `${randomUUID()}.html`);
  await writeFile(path, html);
  return pathToFileURL(path).href;
}

/** Ends the server of the test pages. */
export async function closeTestPages(): Promise<void> {
  await (await pageServer)?.close();
  pageServer = undefined;
  pages.clear();
}

/** The icon keeps browsers from asking the server on trial for one. */
function documentOf(scripts: readonly string[]): string {
  const inline = scripts.map((code) => `<script>${code.replaceAll('</script', '<\\/script')}</script>`).join('\n');
  return `<!doctype html><meta charset="utf-8"><title>Test page</title><link rel="icon" href="data:,">\n${inline}`;
}

let bundled: Promise<string> | undefined;

function pageScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./harness-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
  });
  return outputFiles[0]?.text ?? '';
}
