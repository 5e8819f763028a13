import type { HttpAnswer } from '../runtime/runtime.js';
import { observeHttp } from './observe-http.js';
import type { Probe, ProbeContext } from './probe.js';
import { probeUrl, type UrlParts } from './probe-url.js';

/** How does the polling endpoint respond to a request without credentials and headers, as far as can be read? */
export const httpHandshake: Probe = {
  name: 'http-handshake',
  cost: () => 1,
  isPossible: () => true,
  ask: (context) => askHandshake(context, {}),
};

export async function askHandshake(
  context: ProbeContext,
  parts: Partial<UrlParts> & {
    readonly withCredentials?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
  },
) {
  const answer = await context.runtime.request({
    url: probeUrl(context, { transport: 'polling', ...parts }),
    mode: 'cors',
    timeoutMs: context.timeoutMs,
    ...(parts.withCredentials && { withCredentials: true }),
    ...(parts.headers && { headers: parts.headers }),
    ...(context.tls && { tls: context.tls }),
  });
  const http = observeHttp(answer);
  return {
    answer: isHandshake(http.body) ? ('yes' as const) : ('no' as const),
    http,
    durationMs: Math.round(answer.durationMs),
  };
}

export function isHandshake(body: ReturnType<typeof observeHttp>['body']): boolean {
  return body?.is === 'engineio-open';
}

/** The session id in a polling handshake; used for the next probe and then forgotten. */
export function sessionIdOf(answer: HttpAnswer): string | undefined {
  return /"sid":"([^"]+)"/.exec(answer.body ?? '')?.[1];
}
