import { createServer } from 'node:http';
import type { Browser } from 'puppeteer-core';
import { listen } from '../faults/_kit/listen.js';

/** A Firefox that keeps its page from the local network until the user allows more. */
export interface GuardedFirefox {
  readonly browser: Browser;
  /** Of the page, under its own name. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Firefox asks before a page may reach the local network, where that is switched on (network.lna.blocking, seen in Firefox ESR 153). A
 * page that a driver puts there counts as local itself, so it is really served, by an address that counts as one of the internet.
 */
export async function startGuardedFirefox(
  launch: (preferences: Readonly<Record<string, unknown>>) => Promise<Browser>,
  page: { readonly address: string; readonly html: string },
): Promise<GuardedFirefox> {
  const { hostname, pathname } = new URL(page.address);
  const server = await listen(
    createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page.html),
    ),
  );
  const browser = await launch({
    'network.dns.localDomains': hostname,
    'network.lna.enabled': true,
    'network.lna.blocking': true,
    'network.lna.websocket.enabled': true,
    'network.lna.address_space.public.override': `127.0.0.1:${server.port}`,
  });
  return {
    browser,
    address: `http://${hostname}:${server.port}${pathname}`,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
