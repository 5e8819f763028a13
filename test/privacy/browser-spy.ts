import type { ClientEvent, ClientScript } from '../faults/_kit/drive-client.js';
import { startByteCollector } from './byte-collector.js';
import { findLeaks, type Outlet } from './find-leaks.js';
import { seedScript } from './seed-script.js';
import { watchBytes } from './watch-bytes.js';

/** Sees everything that the SDK in one page of a browser says, asks, keeps and shows. */
export interface BrowserSpy {
  seed(script: ClientScript): ClientScript;
  see(event: ClientEvent): void;
  /** What must not have got out but did; empty when all is well. */
  finish(): Promise<string[]>;
}

export async function startBrowserSpy(): Promise<BrowserSpy> {
  // Nothing is ever taken, so that copies stay in the page's storage until they are looked at.
  const collector = await startByteCollector(503);
  const bytes = watchBytes();
  const outlets: Outlet[] = [];
  const ids = new Set<string>();
  return {
    // A header would make browsers ask for permission first, and be another fault.
    seed: (script) => ({ ...seedScript(script, { withHeaders: false }), spyFor: collector.url }),
    see(event) {
      if (event.type !== 'seen') return;
      outlets.push(...event.outlets);
      for (const id of event.ids) ids.add(id);
    },
    async finish() {
      bytes.stop();
      await collector.close();
      const sent = { where: 'what the collector was sent', text: collector.requests.join('\n') };
      return findLeaks([sent, ...outlets], { ids, received: bytes.received });
    },
  };
}
