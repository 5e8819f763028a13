// Where the incident happens: a page, or a Node process. Both are started, told to stop, and tell what must arrive.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeProfile, startChromium } from './chromium.mjs';

/** `own`: a browser process with a profile of its own, which can be killed. */
export async function startPageClient({ shared, own, carrier, pages, url, sockets, virtual, tell }) {
  const profile = own && makeProfile();
  let process = own && (await startChromium(profile));
  let context = own ? process.browser.contexts()[0] : await shared.browser.newContext();
  const watch = async (one) => {
    await one.exposeBinding('tell', (_source, event) => tell(event));
    return one;
  };
  await watch(context);
  if (virtual) await context.clock.install({ time: Date.now() });
  // Another tab of the same browser, so that closing the page is not the end of everything.
  await context.newPage();
  let page = await context.newPage();
  const load = () => page.goto(pages.pageUrl(carrier));
  await load();

  return {
    get page() {
      return page;
    },
    get context() {
      return context;
    },
    start: () => page.evaluate((options) => globalThis.startBench(options), { url, target: pages.url, sockets }),
    stop: () => page.evaluate(() => globalThis.stopBench?.()),
    load,
    async close() {
      const closed = page.waitForEvent('close');
      await page.close({ runBeforeUnload: true });
      await closed;
    },
    async open() {
      page = await context.newPage();
      await load();
    },
    async kill() {
      await process.kill();
    },
    async restart() {
      process = await startChromium(profile);
      context = await watch(process.browser.contexts()[0]);
      page = await context.newPage();
      await load();
    },
    async end() {
      if (own) {
        await process.kill();
        profile.remove();
      } else await context.close();
    },
  };
}

export async function startNodeClient({ carrier, pages, url, sockets, tell }) {
  const child = fork(fileURLToPath(new URL('./node-client.mjs', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.on('message', tell);
  return {
    start: () =>
      child.send({
        carrier: new URL(`./carriers/${carrier}.mjs`, import.meta.url).href,
        url,
        target: pages.url,
        sockets,
      }),
    stop: () => child.connected && child.send({ stop: true }),
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    },
  };
}
