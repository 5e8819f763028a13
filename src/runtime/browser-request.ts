import { browserExchange } from './browser-exchange.js';
import { knownProxy } from './known-proxy.js';
import type { HttpAnswer, ProbingRuntime, Runtime } from './runtime.js';

const MAX_BODY_CHARS = 4096;

/** Sends probes by `fetch`. */
export function browserRequest({
  delay,
  monotonicMs,
}: Pick<Runtime, 'delay' | 'monotonicMs'>): ProbingRuntime['request'] {
  const exchange = browserExchange({ delay });
  return async ({ url, method = 'GET', mode, withCredentials, headers, body, timeoutMs }) => {
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
      MAX_BODY_CHARS,
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
  };
}
