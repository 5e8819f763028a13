import type { ClientVersion } from '../faults/_kit/client-version.js';
import type { ClientEvent, ClientScript } from '../faults/_kit/drive-client.js';
import type { ClientControl } from '../faults/_kit/fault.js';
import type { RunningClient } from '../faults/_kit/run-node.js';
import { chromiumDriver } from './chromium-driver.js';
import { firefoxDriver } from './firefox-driver.js';
import { CannotRun, type Engine, type PageDriver } from './page-driver.js';
import type { RequestFilter } from './request-filter.js';
import { closeTestPages, makeTestPage } from './test-page.js';
import { webkitDriver } from './webkit-driver.js';

const makeDriver: Readonly<Record<Engine, () => PageDriver>> = {
  chromium: chromiumDriver,
  firefox: firefoxDriver,
  webkit: webkitDriver,
};
const drivers = new Map<Engine, PageDriver>();

/** Runs a client in a page of a real browser, in a fresh profile; the browser itself is started once. */
export async function runInPage(
  engine: Engine,
  script: ClientScript,
  version: ClientVersion,
  prepare: ((control: ClientControl) => Promise<void>) | undefined,
  report: (event: ClientEvent) => void,
  {
    sameOrigin,
    headers,
    pageUrl,
    filter,
    guardsLocalNetwork,
  }: {
    readonly sameOrigin: boolean;
    readonly headers: Readonly<Record<string, string>>;
    readonly pageUrl: string | undefined;
    readonly filter?: RequestFilter | undefined;
    readonly guardsLocalNetwork?: true | undefined;
  },
): Promise<RunningClient> {
  const driver = drivers.get(engine) ?? makeDriver[engine]();
  drivers.set(engine, driver);
  const origin = pageUrl ?? (sameOrigin ? new URL(script.url).origin : undefined);
  const testPage = await makeTestPage(version, { origin, headers });
  const page = await driver.open(
    { ...testPage, ...(filter && { filter }), ...(guardsLocalNetwork && { guardsLocalNetwork }) },
    report,
  );
  const control: ClientControl = {
    setOffline: page.setOffline,
    allowLocalNetwork: async () => page.allowLocalNetwork?.(),
    reload: async () => {
      await page.load();
      await page.call('startClient', script);
    },
    navigateAway: page.navigateAway,
    goBack: page.goBack,
    freeze: page.freeze ?? cannot('freeze a page'),
    changeNetwork: page.changeNetwork ?? cannot('change the network'),
  };
  try {
    // A page that a driver puts there has no address, so that Chromium would refuse its WebSocket to loopback as one of the internet's
    // (net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS, seen in Chromium 156); under an invented name that is as it should be.
    if (pageUrl === undefined) await page.allowLocalNetwork?.();
    await page.load();
    await prepare?.(control);
    await page.call('startClient', script);
  } catch (error) {
    await page.close();
    throw error;
  }
  return {
    control,
    stop: async () => {
      try {
        // A page that was left has no client to stop.
        await page.call('stopClient');
      } finally {
        await page.close();
      }
    },
  };
}

const cannot = (what: string) => async () => {
  throw new CannotRun(`this browser has no means to ${what}`);
};

/** Ends the browsers and the server of the test pages; call it once at the end. */
export async function closeBrowsers(): Promise<void> {
  for (const driver of drivers.values()) await driver.close();
  drivers.clear();
  await closeTestPages();
}
