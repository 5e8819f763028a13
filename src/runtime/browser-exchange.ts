import { globals } from './globals.js';
import { originalGlobal } from './original-global.js';
import type { Runtime } from './runtime.js';

type Fetch = typeof fetch;

/** The outcome of one request; never rejected, because every failure shows in what is missing. */
export interface Exchange {
  readonly response: Response | undefined;
  /** As far as it was read. */
  readonly body: string;
  readonly timedOut: boolean;
  /** The body broke off or could not be decoded. */
  readonly incomplete: boolean;
}

/** HTTP by `fetch`, as it was when it was first needed: code that patches it later does not get to see the SDK's requests. */
export function browserExchange({
  delay,
}: Pick<Runtime, 'delay'>): (url: string, init: RequestInit, maxChars: number, timeoutMs: number) => Promise<Exchange> {
  let remembered: Fetch | undefined;

  function nativeFetch(): Fetch | undefined {
    remembered ??= unwrapped(originalGlobal('fetch'));
    return remembered;
  }

  return (url, init, maxChars, timeoutMs) =>
    new Promise((resolve) => {
      let abort: AbortController | undefined;
      let response: Response | undefined;
      let body = '';
      let incomplete = false;
      const finish = (timedOut: boolean) => {
        cancelTimeout();
        resolve({ response, body: body.slice(0, maxChars), timedOut, incomplete });
        // Even after a response: the rest of a long body must not occupy one of the page's six connections.
        abort?.abort();
      };
      const cancelTimeout = delay(() => finish(true), timeoutMs);
      const ask = async () => {
        try {
          // Chrome has it since 66.
          const { AbortController } = globals();
          abort = AbortController && new AbortController();
          response = await nativeFetch()?.(url, { ...init, cache: 'no-store', ...(abort && { signal: abort.signal }) });
          if (response) {
            await readText(response, (text) => {
              body += text;
              return body.length < maxChars;
            });
          }
        } catch {
          // Every failure shows in what is missing from the exchange.
          incomplete = true;
        }
        finish(false);
      };
      void ask();
    });
}

/** Sentry and OpenTelemetry leave the function they wrap on the wrapper: without it, our own requests would appear in the app's traces. */
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
