import type { Facts } from './facts.js';
import { isLoopback } from './is-loopback.js';

/**
 * Whether the browser blocks this address because the page came over https and the address is http (https://www.w3.org/TR/mixed-content/).
 * The same machine is not mixed content, except in WebKit (WebKitGTK 2.50 blocks it: https://bugs.webkit.org/show_bug.cgi?id=171934), so
 * the answer is `possible` for browsers that are not known to let it pass.
 */
export function mixedContent({ runtime, target }: Facts): 'certain' | 'possible' | 'no' {
  if (runtime.pageScheme !== 'https:' || target.secure) return 'no';
  if (!isLoopback(target.host)) return 'certain';
  return runtime.engine === 'chromium' || runtime.engine === 'firefox' ? 'no' : 'possible';
}
