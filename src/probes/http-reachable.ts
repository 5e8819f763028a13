import { observeHttp } from './observe-http.js';
import type { Probe } from './probe.js';
import { probeUrl } from './probe-url.js';

/** HTTP/1.1 connections that a browser opens to one host. */
const CONNECTIONS_PER_HOST = 6;

/**
 * Does anything respond over HTTP? The response is opaque, so it may have any status: it shows that name, connection and TLS are fine and
 * that the browser allows it. Browsers only: Node reads the response itself.
 */
export const httpReachable: Probe = {
  name: 'http-reachable',
  cost: () => 1,
  isPossible: ({ runtime }) => runtime.kind !== 'node',
  async ask(context) {
    // Each timed-out handshake of the client keeps its request: once the pool is full, ours would never leave the browser.
    if (context.hungRequests >= CONNECTIONS_PER_HOST - 1)
      return { answer: 'unknown', why: 'connection pool may be full' };
    const answer = await context.runtime.request({
      url: probeUrl(context, { transport: 'polling' }),
      mode: 'opaque',
      timeoutMs: context.timeoutMs,
    });
    const isAnswered = answer.result !== 'failed' && answer.result !== 'timeout';
    return { answer: isAnswered ? 'yes' : 'no', http: observeHttp(answer), durationMs: Math.round(answer.durationMs) };
  },
};
