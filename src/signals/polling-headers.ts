import type { ClientManager } from './client-shapes.js';

/** RFC 9110, section 5.6.2; the client drops what is no token, as XMLHttpRequest throws on it. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** Whether these need a preflight depends on their value (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const SAFELISTED = ['accept', 'accept-language', 'content-language', 'range'];
const SAFELISTED_CONTENT = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/** The headers that the app adds to polling requests. Their values are secret: this must go nowhere but into the two functions beside. */
export function pollingHeaders(manager: ClientManager): object {
  const opts = manager.engine?.opts ?? manager.opts ?? {};
  const own = Object(Object(opts.transportOptions).polling).extraHeaders;
  // Up to 2.x the plain option is for Node alone, where the engine keeps it (engine.io-client 3.5 lib/socket.js).
  const isOld = Boolean(manager.emitAll ?? manager.generateId);
  const plain = isOld ? Object(manager.engine).extraHeaders : (opts.extraHeaders ?? manager.opts?.extraHeaders);
  return Object(own ?? plain);
}

/** Names of those headers that a page of another origin may only send after the server has allowed them. */
export function pollingHeaderNames(manager: ClientManager): string[] {
  const headers = pollingHeaders(manager) as Record<string, unknown>;
  return Object.keys(headers).filter((name) => {
    const lower = name.toLowerCase();
    if (lower === 'content-type') return !SAFELISTED_CONTENT.test(String(headers[name]));
    return TOKEN.test(name) && !SAFELISTED.includes(lower);
  });
}
