import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { launchChromium } from '../../test/browser/launch-chromium.js';
import { createServer } from '../src/server/create-server.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import type { Store } from '../src/stores/store.js';

interface Serving {
  readonly readToken?: string;
  readonly basePath?: string;
}

export interface ServedDashboard {
  readonly port: number;
  readonly url: string;
  readonly recordsUrl: string;
  readonly store: Store;
  post(envelope: object): Promise<unknown>;
  close(): Promise<void>;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Themes and widths in which every view must be accessible. */
export const APPEARANCES = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const;

/** What keeps somebody from using the page as it stands, or makes it scroll sideways; nothing if all is well. */
export async function barriersOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document);
    const overflow = (document.scrollingElement?.scrollWidth ?? 0) - innerWidth;
    return [
      ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)),
      ...(overflow > 0 ? [`wider than the window by ${overflow} pixels`] : []),
    ];
  });
}

/** Builds the dashboard of the sources and starts Chromium for the tests of a file. */
export function dashboardBrowser() {
  let browser: Browser;
  let dashboardFolder: string;

  beforeAll(async () => {
    dashboardFolder = mkdtempSync(join(tmpdir(), 'dashboard-'));
    const root = fileURLToPath(new URL('..', import.meta.url));
    await build({ configFile: `${root}vite.config.ts`, logLevel: 'error', build: { outDir: dashboardFolder } });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(dashboardFolder, { recursive: true, force: true });
  });

  return {
    /** A collector of its own; whoever starts it closes it. */
    async serve({ readToken, basePath = '' }: Serving = {}): Promise<ServedDashboard> {
      const data = mkdtempSync(join(tmpdir(), 'collector-'));
      const store = openSqliteStore(data);
      const app = createServer({
        store,
        readToken,
        maxWaitingBytes: 64 * 1024 * 1024,
        dashboardFolder,
        basePath,
        limits: { keys: [], ratePerAddress: 0, ratePerKey: 0 },
        trustProxy: 1,
        maxConnections: 500,
        keepDays: undefined,
        maxSizeBytes: undefined,
        logger: { info() {}, error: console.error },
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}`;
      const recordsUrl = `${url}/v1/records`;
      return {
        port,
        url,
        recordsUrl,
        store,
        async post(envelope) {
          const response = await fetch(recordsUrl, { method: 'POST', body: JSON.stringify(envelope) });
          return response.json();
        },
        async close() {
          await app.close();
          rmSync(data, { recursive: true, force: true });
        },
      };
    },

    /** A page in a profile of its own, and everything that it complained about. */
    async open(address: string, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
      const context = await browser.newContext(options);
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('dialog', (dialog) => complaints.push(dialog.message()));
      await page.addInitScript(() =>
        addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
          console.error(`violates ${violatedDirective}`),
        ),
      );
      await page.goto(address);
      return { page, complaints };
    },
  };
}
