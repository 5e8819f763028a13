import { knownProxy } from './known-proxy.js';
import { originalGlobal } from './original-global.js';
import { retryAfterMs } from './retry-after-ms.js';
import type { HttpAnswer, Runtime } from './runtime.js';

type Fetch = typeof fetch;

interface Exchange {
  readonly response: Response | undefined;
  readonly body: string;
  readonly timedOut: boolean;
  readonly incomplete: boolean;
}

const MAX_PROBE_BODY_CHARS = 4096;
const MAX_POST_ANSWER_CHARS = 65_536;

/** HTTP by `fetch`, as it was when it was first needed: who patches it later does not get to see the SDK's requests. */
export function browserHttp({ delay, monotonicMs, now }: Pick<Runtime, 'delay' | 'monotonicMs' | 'now'>): {
  readonly request: Runtime['request'];
  readonly post: Runtime['post'];
} {
  let remembered: Fetch | undefined;

  function nativeFetch(): Fetch | undefined {
    remembered ??= unwrapped(originalGlobal('fetch'));
    return remembered;
  }

  function exchange(url: string, init: RequestInit, maxChars: number, timeoutMs: number): Promise<Exchange> {
    return new Promise((resolve) => {
      let abort: AbortController | undefined;
      let response: Response | undefined;
      let body = '';
      let incomplete = false;
      const finish = (timedOut: boolean) => {
        cancelTimeout();
        resolve({ response, body: body.slice(0, maxChars), timedOut, incomplete });
        // Also after an answer: what is left of a long body must not occupy one of the page's six connections.
        abort?.abort();
      };
      const cancelTimeout = delay(() => finish(true), timeoutMs);
      const ask = async () => {
        try {
          abort = new AbortController();
          response = await nativeFetch()?.(url, { ...init, cache: 'no-store', signal: abort.signal });
          if (response) {
            await readText(response, (text) => {
              body += text;
              return body.length < maxChars;
            });
          }
        } catch {
          // Every failure is told by what is missing from the exchange.
          incomplete = true;
        }
        finish(false);
      };
      void ask();
    });
  }

  return {
    async request({ url, method = 'GET', mode, withCredentials, headers, body, timeoutMs }) {
      const startedMs = monotonicMs();
      const { response, timedOut, ...read } = await exchange(
        url,
        {
          method,
          mode: mode === 'opaque' ? 'no-cors' : 'cors',
          credentials: withCredentials ? 'include' : 'omit',
          redirect: mode === 'opaque' ? 'follow' : 'manual',
          ...(headers && { headers }),
          ...(body === undefined ? {} : { body }),
        },
        MAX_PROBE_BODY_CHARS,
        timeoutMs,
      );
      const durationMs = monotonicMs() - startedMs;
      if (!response) return { result: timedOut ? 'timeout' : 'failed', durationMs };
      if (response.type === 'opaque') return { result: 'opaque', durationMs };
      if (response.type === 'opaqueredirect') return { result: 'redirected', durationMs };
      const contentType = response.headers.get('content-type');
      const proxy = knownProxy((name) => response.headers.get(name));
      const { status } = response;
      const answer: HttpAnswer = {
        result: 'answered',
        status,
        body: read.body,
        durationMs,
        headerNames: [...(response.headers.keys?.() ?? [])],
        ...(read.incomplete && { incomplete: true as const }),
        ...(proxy && { proxy }),
      };
      return contentType ? { ...answer, contentType } : answer;
    },

    async post({ url, body: sent, packed, contentType, keepalive, timeoutMs, headers }) {
      const { response, body } = await exchange(
        url,
        {
          method: 'POST',
          mode: 'cors',
          credentials: 'omit',
          // Same-origin requests would otherwise carry the page's query string.
          referrerPolicy: 'no-referrer',
          headers: { ...headers, 'content-type': contentType, ...(packed && { 'content-encoding': 'gzip' }) },
          body: packed ?? sent,
          keepalive,
        },
        MAX_POST_ANSWER_CHARS,
        timeoutMs,
      );
      if (!response) return { status: 0, body: '' };
      // Readable across origins only when the collector exposes it (Access-Control-Expose-Headers).
      const waitMs = retryAfterMs(response.headers.get('retry-after'), now());
      const answer = { status: response.status, body };
      return waitMs === undefined ? answer : { ...answer, retryAfterMs: waitMs };
    },
  };
}

/** Sentry and OpenTelemetry leave the function they wrap on the wrapper: without it our own requests would appear in the app's traces. */
function unwrapped(wrapper: Fetch | undefined): Fetch | undefined {
  let inner: unknown = wrapper;
  for (let depth = 0; depth < 8 && typeof inner === 'function'; depth++) {
    const marks = inner as { __sentry_original__?: unknown; __original?: unknown };
    const next = marks.__sentry_original__ ?? marks.__original;
    if (typeof next !== 'function') return inner as Fetch;
    inner = next;
  }
  return wrapper;
}

async function readText(response: Response, more: (text: string) => boolean): Promise<void> {
  if (!response.body?.getReader) {
    // React Native's fetch has no streams.
    more(await response.text());
    return;
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !more(decoder.decode(value, { stream: true }))) return;
  }
}
