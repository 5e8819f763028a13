import { browserRuntime } from './browser.js';
import { nodeRuntime } from './node.js';
import type { ProbingRuntime } from './runtime.js';

/**
 * The runtime of pages that load the entry for Node, those of jsdom, happy-dom and Electron: what happens to such a page is told like that
 * of any other, and the network is Node's, through which its client dials as well. What they have of a browser's does not behave like one.
 */
export function pageInNode(): ProbingRuntime {
  const { observePage, isOnline, isHidden, savesData, networkType, storage, exclusive } = browserRuntime();
  return { ...nodeRuntime(), observePage, isOnline, isHidden, savesData, networkType, storage, exclusive };
}
