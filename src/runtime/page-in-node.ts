import { browserRuntime } from './browser.js';
import { nodeRuntime } from './node.js';
import type { ProbingRuntime } from './runtime.js';

/**
 * The runtime of pages that load the entry for Node (jsdom, happy-dom and Electron). Page events are reported as for any other page; the
 * network is Node's, through which the client dials as well. What these environments have of a browser's network does not behave like one.
 */
export function pageInNode(): ProbingRuntime {
  const { observePage, isOnline, isHidden, savesData, networkType, storage, exclusive } = browserRuntime();
  return { ...nodeRuntime(), observePage, isOnline, isHidden, savesData, networkType, storage, exclusive };
}
