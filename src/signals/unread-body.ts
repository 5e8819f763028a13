import type { ClientEngine } from './client-shapes.js';

/**
 * The answer that could not be parsed is readable only on the request itself, and only inside the handler. The names are private and
 * mangled in the minified bundles of 4.8: then it stays unknown and a probe has to ask.
 */
export function unreadBody(engine: ClientEngine | undefined): string | undefined {
  const request = Object(engine?.transport?.pollXhr);
  try {
    const text = Object(request._xhr ?? request.xhr).responseText;
    return typeof text === 'string' && text !== '' ? text : undefined;
  } catch {
    return undefined;
  }
}
