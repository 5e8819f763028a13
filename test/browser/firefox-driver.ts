import { rm } from 'node:fs/promises';
import puppeteer, { type Browser, type HTTPRequest } from 'puppeteer-core';
import type { ClientEvent } from '../faults/_kit/drive-client.js';
import { freezeProcesses } from './freeze-processes.js';
import { startGuardedFirefox } from './guarded-firefox.js';
import { localNames } from './local-names.js';
import type { PageDriver } from './page-driver.js';
import { writeBlocker } from './request-filter.js';

const launch = (preferences: Readonly<Record<string, unknown>>) =>
  puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: { ...preferences },
    // The certificates that are tried must be refused.
    acceptInsecureCerts: false,
  });

/** Debian's Firefox ESR, driven by puppeteer over WebDriver BiDi. */
export function firefoxDriver(): PageDriver {
  let shared: Promise<Browser> | undefined;
  return {
    async open({ filter, guardsLocalNetwork, ...shown }, report) {
      const guarded = guardsLocalNetwork ? await startGuardedFirefox(launch, shown) : undefined;
      const { address, origin, html } = guarded ? { ...shown, address: guarded.address, origin: 'served' } : shown;
      if (!guarded) shared ??= launch({ 'network.dns.localDomains': Object.values(localNames).join(',') });
      const browser = guarded?.browser ?? (await shared);
      if (!browser) throw new Error('no Firefox');
      const extension = filter && (await writeBlocker(filter));
      const blocker = extension && (await browser.installExtension(extension));
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      // As text: BiDi cuts deep objects off.
      await page.exposeFunction('reportText', (event: string) => report(JSON.parse(event) as ClientEvent));
      await page.evaluateOnNewDocument(() => {
        const scope = globalThis as unknown as Record<string, (value: unknown) => unknown>;
        scope.report = (event) => scope.reportText?.(JSON.stringify(event));
      });
      const fulfil = (request: HTTPRequest) =>
        void (request.url() === address
          ? request.respond({ status: 200, contentType: 'text/html; charset=utf-8', body: html })
          : request.continue());
      return {
        async load() {
          if (origin === 'invented') {
            await page.setRequestInterception(true);
            page.on('request', fulfil);
          }
          await page.goto(address);
          // What is tried must not pass through the interception.
          if (origin === 'invented') {
            page.off('request', fulfil);
            await page.setRequestInterception(false);
          }
        },
        async call(name, argument) {
          await page.evaluate(
            (told, given) =>
              (globalThis as unknown as Record<string, (argument: unknown) => void>)[told]?.(
                given === undefined ? undefined : JSON.parse(given),
              ),
            name,
            argument === undefined ? undefined : JSON.stringify(argument),
          );
        },
        setOffline: (offline) => page.setOfflineMode(offline),
        async navigateAway() {
          await page.goto('about:blank');
        },
        freeze: async (ms) => freezeProcesses(browser.process()?.pid ?? 0, ms),
        async goBack() {
          await page.goBack();
        },
        async close() {
          await context.close();
          await guarded?.close();
          if (!extension || !blocker) return;
          await browser.uninstallExtension(blocker);
          await rm(extension, { recursive: true, force: true });
        },
      };
    },
    async close() {
      await (await shared)?.close();
      shared = undefined;
    },
  };
}
