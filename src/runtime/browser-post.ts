import { browserExchange } from './browser-exchange.js';
import { retryAfterMs } from './retry-after-ms.js';
import type { Runtime } from './runtime.js';

const MAX_ANSWER_CHARS = 65_536;

/** Also where an answer broke off: it may have named records that were refused, and sending again is safe. */
const UNANSWERED = { status: 0, body: '' };

/** Sends telemetry by `fetch`. */
export function browserPost({ delay, now }: Pick<Runtime, 'delay' | 'now'>): Runtime['post'] {
  const exchange = browserExchange({ delay });
  return async ({ url, body: sent, packed, contentType, keepalive, timeoutMs, headers }) => {
    const { response, body, incomplete } = await exchange(
      url,
      {
        method: 'POST',
        mode: 'cors',
        credentials: 'omit',
        // Same-origin requests would otherwise carry the page's query string.
        referrerPolicy: 'no-referrer',
        headers: { ...headers, 'content-type': contentType, ...(packed && { 'content-encoding': 'gzip' }) },
        body: (packed ?? sent) as BodyInit,
        keepalive,
      },
      MAX_ANSWER_CHARS,
      timeoutMs,
    );
    if (!response || (response.ok && incomplete)) return UNANSWERED;
    // Readable across origins only when the collector exposes it (Access-Control-Expose-Headers).
    const waitMs = retryAfterMs(response.headers.get('retry-after'), now());
    const answer = { status: response.status, body };
    return waitMs === undefined ? answer : { ...answer, retryAfterMs: waitMs };
  };
}
