import type { ClientManager } from './client-shapes.js';
import { pollingHeaders } from './polling-headers.js';

/** RFC 9110, section 5.6.2; the client drops anything that is not a token, because XMLHttpRequest throws on it. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** Whether these need a preflight depends on their value (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const SAFELISTED = ['accept', 'accept-language', 'content-language', 'range'];
const SAFELISTED_CONTENT = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/** Names of the app's polling headers that a page of another origin may send only after the server has allowed them. */
export function pollingHeaderNames(manager: ClientManager): string[] {
  const headers = pollingHeaders(manager) as Record<string, unknown>;
  return Object.keys(headers).filter((name) => {
    const lower = name.toLowerCase();
    if (lower === 'content-type') return !SAFELISTED_CONTENT.test(String(headers[name]));
    return TOKEN.test(name) && !SAFELISTED.includes(lower);
  });
}
