import type { ClientEngine } from './client-shapes.js';

/** The part of an XMLHttpRequest that shows how it ended. */
export interface PollingRequest {
  readonly status?: number;
  /** In Node, an Error with the system's code if there was no response. */
  readonly statusText?: unknown;
  readonly responseText?: string;
}

/**
 * The polling request that failed: what clients before 4.5, and "server error", do not pass on can only be read there, and only inside the
 * handler. The names are private and mangled in the minified bundles of 4.8: then it stays unknown and a probe has to ask.
 */
export function pollingRequest(engine: ClientEngine | undefined, message: unknown): PollingRequest | undefined {
  try {
    const transport = Object(engine?.transport);
    const request = Object(message === 'xhr post error' ? transport.sendXhr : transport.pollXhr);
    return request._xhr ?? request.xhr;
  } catch {
    // Private names may mean anything in a future version.
    return undefined;
  }
}
