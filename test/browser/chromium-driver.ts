import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { ClientEvent } from '../faults/_kit/drive-client.js';
import { chromiumArguments, chromiumPath, launchChromium } from './launch-chromium.js';
import { localNames } from './local-names.js';
import type { PageDriver } from './page-driver.js';
import { type RequestFilter, writeBlocker } from './request-filter.js';

/** Platforms are known by the names of their hosts, too. */
const hostRules = `--host-resolver-rules=${Object.values(localNames)
  .map((name) => `MAP ${name} 127.0.0.1`)
  .join(', ')}`;

/** Debian's Chromium, driven by playwright. */
export function chromiumDriver(): PageDriver {
  let browser: Promise<Browser> | undefined;
  return {
    async open({ address, origin, html, filter }, report) {
      if (!filter) browser ??= launchChromium(hostRules);
      const blocking = filter && (await startBlockingContext(filter));
      const context = blocking?.context ?? (await (await browser)?.newContext());
      if (!context) throw new Error('no Chromium');
      const page = await context.newPage();
      await page.exposeBinding('report', (_source, event: ClientEvent) => report(event));
      page.on('console', (line) => {
        if (line.type() === 'error') report({ type: 'red-line', url: line.location().url });
      });
      return {
        async load() {
          if (origin === 'invented') {
            await page.route(address, (route) =>
              route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
            );
          }
          await page.goto(address);
          // While a route is set, Chromium pauses every request and answers preflights itself: what is tried must not run like that.
          await page.unrouteAll();
        },
        call: (name, argument) =>
          page.evaluate(
            (told) =>
              (globalThis as unknown as Record<string, (argument: unknown) => void>)[told.name]?.(told.argument),
            { name, argument },
          ),
        setOffline: (offline) => context.setOffline(offline),
        allowLocalNetwork: () => context.grantPermissions(['local-network-access']),
        async navigateAway() {
          await page.goto('about:blank');
        },
        async goBack() {
          await page.goBack();
        },
        async freeze(ms) {
          // A page that playwright drives is never hidden, and Chromium freezes only what is: a debugger stops it just as well.
          const session = await context.newCDPSession(page);
          await session.send('Debugger.enable');
          await session.send('Debugger.pause');
          await new Promise((resolve) => setTimeout(resolve, ms));
          await session.send('Debugger.resume');
          await session.send('Debugger.disable');
        },
        async changeNetwork() {
          const session = await context.newCDPSession(page);
          const changed = page.evaluate(
            () =>
              new Promise<void>((resolve) => {
                const { connection } = navigator as unknown as { connection: EventTarget };
                connection.addEventListener('change', () => resolve(), { once: true });
              }),
          );
          const state = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
          await session.send('Network.overrideNetworkState', { ...state, connectionType: 'cellular3g' });
          await changed;
        },
        close: async () => {
          await context.close();
          await blocking?.remove();
        },
      };
    },
    async close() {
      await (await browser)?.close();
      browser = undefined;
    },
  };
}

/** A browser of its own: extensions do not run in the contexts that one browser makes for the others. */
async function startBlockingContext(filter: RequestFilter) {
  const extension = await writeBlocker(filter);
  const profile = await mkdtemp(join(tmpdir(), 'profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [
      ...chromiumArguments,
      hostRules,
      `--load-extension=${extension}`,
      // Chromium from 137 on ignores the switch above without it.
      '--disable-features=DisableLoadExtensionCommandLineSwitch',
    ],
  });
  return {
    context,
    async remove() {
      for (const folder of [profile, extension]) await rm(folder, { recursive: true, force: true });
    },
  };
}
