import { observeHttp } from './observe-http.js';
import type { Probe } from './probe.js';
import { originUrl } from './probe-url.js';

/**
 * Does anything respond at the root of the origin, if the polling path gives no response at all? A yes clears name, connection and TLS: the
 * failure is tied to the path. The response is opaque and is not read.
 */
export const httpRoot: Probe = {
  name: 'http-root',
  cost: () => 1,
  isPossible: ({ runtime }) => runtime.kind !== 'node',
  async ask({ runtime, target, timeoutMs }) {
    const answer = await runtime.request({
      url: `${originUrl(target, 'http')}/`,
      mode: 'opaque',
      timeoutMs,
    });
    const isAnswered = answer.result !== 'failed' && answer.result !== 'timeout';
    return { answer: isAnswered ? 'yes' : 'no', http: observeHttp(answer), durationMs: Math.round(answer.durationMs) };
  },
};
