import { browserRuntime } from './browser.js';
import { platformReason } from './platform-reason.js';
import { probingBrowser } from './probing-browser.js';
import type { ProbingRuntime } from './runtime.js';

/** The runtime of React Native: what it has of a browser, and the error messages of its platform. */
export function reactNativeRuntime(): ProbingRuntime {
  return Object.assign(probingBrowser(browserRuntime()), { platformReason });
}
