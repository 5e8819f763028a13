import { browserExchange } from './browser-exchange.js';
import { postAnswer } from './post-answer.js';
import type { Runtime } from './runtime.js';

const MAX_ANSWER_CHARS = 65_536;

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
    // Readable across origins only if the collector exposes it (Access-Control-Expose-Headers).
    const retryAfter = response?.headers.get('retry-after');
    return postAnswer({ status: response?.status ?? 0, body, isIncomplete: incomplete === true }, retryAfter, now());
  };
}
