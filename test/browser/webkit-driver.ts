import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientEvent } from '../faults/_kit/drive-client.js';
import { freezeProcesses } from './freeze-processes.js';
import { CannotRun, type PageDriver } from './page-driver.js';
import { startPageProxy } from './page-proxy.js';
import { writeContentBlocker } from './request-filter.js';
import { startWebKitDriver, type WebDriver } from './webdriver.js';

const miniBrowser = process.env.MINIBROWSER ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
/** How often the page is asked for what it has to report: WebDriver has no events. */
const POLL_MS = 50;
const loopback = ['127.0.0.1', 'localhost', '::1'];

/**
 * Reports wait in the page until they are fetched. In the storage, because a page that is being left reports as well, and the next page
 * of its origin can still hand it over; in memory where the storage is closed to it.
 */
const queueReports = `
  let waiting = [];
  const save = () => {
    try { localStorage['-reports'] = JSON.stringify(waiting); } catch {}
  };
  try { waiting = JSON.parse(localStorage['-reports'] ?? '[]'); } catch {}
  globalThis.report = (event) => { waiting.push(JSON.stringify(event)); save(); };
  globalThis.takeReports = () => { const taken = waiting; waiting = []; save(); return taken; };`;

/**
 * Debian's WebKitGTK: MiniBrowser, driven by raw WebDriver. It has no switch to go offline, and a page of the server's own origin needs a
 * server that answers something: what refuses, cuts or hangs cannot have one here.
 */
export function webkitDriver(): PageDriver {
  let driver: Promise<WebDriver> | undefined;
  const end = async () => {
    const ended = driver;
    driver = undefined;
    await (await ended)?.close();
  };
  return {
    async open(page, report) {
      const isElsewhere = page.origin === 'invented' && !loopback.includes(new URL(page.address).hostname);
      const proxy = isElsewhere ? await startPageProxy(page.address, page.html) : undefined;
      // By argument: of the capability WebKit makes a proxy that is itself spoken to over TLS.
      const viaProxy = proxy ? [`--proxy=${proxy.url}`, ...loopback.map((host) => `--ignore-host=${host}`)] : [];
      const blocker = page.filter && (await writeContentBlocker(page.filter));
      const blocking = blocker ? [`--content-filter=${join(blocker, 'list.json')}`] : [];
      const capabilities = {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation', ...viaProxy, ...blocking] },
          // Only the page itself comes through the proxy, and its certificate is nobody's.
          acceptInsecureCerts: proxy !== undefined,
          // A server that never answers has no document to give, and the command must end before it counts as stuck.
          timeouts: { pageLoad: 10_000 },
        },
      };
      const begin = async () => {
        driver ??= startWebKitDriver();
        const { call, pid } = await driver;
        const { sessionId } = (await call('POST', '/session', { capabilities })) as { sessionId: string };
        return { call, pid, sessionId };
      };
      // Seen now and then on a busy machine: the browser ends before it has begun.
      const { call, pid, ...session } = await begin().catch(async () => {
        await end();
        return begin();
      });
      const path = `/session/${session.sessionId}`;
      let isStuck = false;
      // One command at a time: a session takes no second one before it has answered.
      let last: Promise<unknown> = Promise.resolve();
      const command = (method: 'POST' | 'DELETE', name: string, body?: object): Promise<unknown> => {
        last = last
          .catch(() => {})
          .then(() => {
            if (isStuck) throw new Error('WebKit does not answer');
            return call(method, `${path}${name}`, body);
          })
          .catch((error) => {
            // Seen now and then on a busy machine: no command is ever answered again.
            if (error.name === 'TimeoutError') isStuck = true;
            throw error;
          });
        return last;
      };
      const run = (script: string, ...args: unknown[]) => command('POST', '/execute/sync', { script, args });
      const fetchReports = async () => {
        const texts = (await run('return globalThis.takeReports?.() ?? []')) as string[];
        for (const text of texts) report(JSON.parse(text) as ClientEvent);
      };
      const goTo = async (url: string) => {
        await command('POST', '/url', { url });
        await run(queueReports);
      };

      let isOpen = true;
      const poll = (async () => {
        while (isOpen) {
          // Between two pages there is nobody to answer.
          await fetchReports().catch(() => {});
          if (isStuck) return report({ type: 'broken', message: 'WebKit does not answer' });
          await sleep(POLL_MS);
        }
      })();
      return {
        async load() {
          await goTo(page.address).catch((error) => {
            throw isStuck ? error : new CannotRun('no document of this origin to be had');
          });
          // Not the origin, of which browsers say different things for a file.
          const [scheme, host] = (await run(
            'return [globalThis.location.protocol, globalThis.location.host]',
          )) as string[];
          const wanted = new URL(page.address);
          if (scheme !== wanted.protocol || host !== wanted.host)
            throw new CannotRun('no document of this origin to be had');
          if (page.origin === 'served' || isElsewhere) return;
          // Whatever the server answers at an unknown path is a document of its origin: the scripts are put into that.
          for (const script of page.scripts) await run(script);
        },
        async call(name, argument) {
          await run(`globalThis.${name}?.(arguments[0])`, argument ?? null);
          await fetchReports();
        },
        setOffline: () => Promise.reject(new CannotRun('WebKit has no network switch')),
        // Another page of the same origin, where one is served: it can still hand over what the page reported while it was left.
        navigateAway: () => goTo(page.origin === 'served' ? new URL('/', page.address).href : 'about:blank'),
        async goBack() {
          await command('POST', '/back', {});
        },
        freeze: (ms) => freezeProcesses(pid, ms),
        async close() {
          isOpen = false;
          await poll;
          await command('DELETE', '').catch(end);
          await proxy?.close();
          if (blocker) await rm(blocker, { recursive: true, force: true });
        },
      };
    },
    close: end,
  };
}
