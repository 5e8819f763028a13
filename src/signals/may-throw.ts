import type { ClientEngine } from './client-shapes.js';
import { urlHost } from './url-host.js';

/** What `ws` and the request beneath it may throw for, before they dial: values of headers, subprotocols, agents, keys, addresses. */
const CHECKED_OPTIONS = ['extraHeaders', 'protocols', 'agent', 'pfx', 'key', 'cert', 'ca', 'ciphers', 'localAddress'];

/** Whether the app set anything because of which Node's WebSocket transport, which needs no global, is not even tried. */
export function mayThrow(engine: ClientEngine): boolean {
  // Up to 2.x, the engine itself holds them.
  const options = Object(engine.opts ?? engine);
  const own = Object(Object(options.transportOptions).websocket);
  const isGiven = CHECKED_OPTIONS.some((name) => hasValue(options[name]) || hasValue(own[name]));
  return isGiven || !String(options.path ?? '/').startsWith('/') || !isAddress(engine);
}

/** Whether a URL can be made from where it dials. */
function isAddress({ hostname = '', port = '' }: ClientEngine): boolean {
  try {
    return Boolean(new URL(`ws://${urlHost(hostname)}:${port}`));
  } catch {
    return false;
  }
}

function hasValue(option: unknown): boolean {
  return Array.isArray(option) ? option.length > 0 : Boolean(option);
}
