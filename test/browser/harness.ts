import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { browserBundle, type ClientVersion } from '../faults/_kit/client-version.js';
import type { ClientEvent, ClientScript } from '../faults/_kit/drive-client.js';
import type { ClientControl } from '../faults/_kit/fault.js';
import { type Listening, listen } from '../faults/_kit/listen.js';
import type { RunningClient } from '../faults/_kit/run-node.js';
import type { HarnessPage } from './harness-page.js';

const launchArguments = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  // A page that is fulfilled by the test has no address, so that its WebSocket to loopback would be refused as a page from the
  // internet's (net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS, seen in Chromium 156). Its HTTP requests are not: they are same-origin.
  '--disable-features=LocalNetworkAccessChecksWebSockets',
];

const pagePath = '/-test-page';

let browser: Promise<Browser> | undefined;
let pageServer: Promise<Listening> | undefined;
const pageHeadersById = new Map<string, Readonly<Record<string, string>>>();
const documents = new Map<string, Promise<string>>();

/** Runs a client in a page of real Chromium, in a fresh context; the browser itself is started once. */
export async function runChromium(
  script: ClientScript,
  version: ClientVersion,
  prepare: ((control: ClientControl) => Promise<void>) | undefined,
  report: (event: ClientEvent) => void,
  {
    sameOrigin,
    headers,
    pageUrl,
  }: {
    readonly sameOrigin: boolean;
    readonly headers: Readonly<Record<string, string>>;
    readonly pageUrl: string | undefined;
  },
): Promise<RunningClient> {
  browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: launchArguments,
  });
  const context = await (await browser).newContext();
  const page = await context.newPage();
  await page.exposeBinding('report', (_source, event: ClientEvent) => report(event));
  page.on('pageerror', (error) => report({ type: 'broken', message: `error in the page: ${error.message}` }));
  const isFulfilled = sameOrigin || pageUrl !== undefined;
  const address = isFulfilled
    ? new URL(pagePath, pageUrl ?? script.url).href
    : await crossOriginAddress(version, headers);

  const load = async () => {
    if (isFulfilled) await fulfil(page, address, version);
    await page.goto(address);
    // While a route is set, Chromium pauses every request and answers preflights itself: what is tried must not run like that.
    await page.unrouteAll();
  };
  const start = () => page.evaluate((told) => (globalThis as unknown as HarnessPage).startClient(told), script);
  const control: ClientControl = {
    setOffline: (offline) => context.setOffline(offline),
    reload: async () => {
      await load();
      await start();
    },
    navigateAway: async () => {
      await page.goto('about:blank');
    },
  };

  await load();
  await prepare?.(control);
  await start();
  return {
    control,
    stop: async () => {
      // A page that was left has no client to stop.
      await page.evaluate(() => (globalThis as unknown as Partial<HarnessPage>).stopClient?.());
      await context.close();
    },
  };
}

/** Ends the browser and the server of the test pages; call it once at the end. */
export async function closeChromium(): Promise<void> {
  await (await browser)?.close();
  await (await pageServer)?.close();
  browser = undefined;
  pageServer = undefined;
}

/** Serves the page under the origin of the server on trial without a server, so that even a dead one can have a page. */
async function fulfil(page: Page, address: string, version: ClientVersion): Promise<void> {
  const body = await documentFor(version);
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
}

async function crossOriginAddress(version: ClientVersion, headers: Readonly<Record<string, string>>): Promise<string> {
  pageServer ??= listen(
    createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://page');
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        ...pageHeadersById.get(url.searchParams.get('headers') ?? ''),
      });
      response.end(await documentFor(url.searchParams.get('client') as ClientVersion));
    }),
  );
  const id = String(pageHeadersById.size);
  pageHeadersById.set(id, headers);
  return `${(await pageServer).url}${pagePath}?client=${version}&headers=${id}`;
}

/** One document with everything inline: it must not need a second request to a server that may be broken. */
function documentFor(version: ClientVersion): Promise<string> {
  let made = documents.get(version);
  if (!made) {
    made = Promise.all([readFile(browserBundle(version), 'utf8'), pageScript()]).then(
      // The icon keeps Chromium from asking the server on trial for one.
      ([
        client,
        script,
      ]) => `<!doctype html><meta charset="utf-8"><title>Test page</title><link rel="icon" href="data:,">
<script>${inline(client)}</script>
<script>${inline(script)}</script>`,
    );
    documents.set(version, made);
  }
  return made;
}

const inline = (code: string) => code.replaceAll('</script', '<\\/script');

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
