import { browserRuntime } from './browser.js';
import { probingBrowser } from './probing-browser.js';
import type { ProbingRuntime } from './runtime.js';
import { systemErrorCode } from './system-error-code.js';

/** The runtime of pages that load the entry for Node, such as those of jsdom and of Electron: their client may dial through Node. */
export function pageInNode(): ProbingRuntime {
  return Object.assign(probingBrowser(browserRuntime()), { systemErrorCode });
}
