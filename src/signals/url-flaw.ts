/**
 * The part of the URL that the client does not read as intended: it then dials something other than was meant, or nothing at all. `query`:
 * it names a session, in the parameter that belongs to the client.
 */
export type UrlFlaw = 'scheme' | 'host' | 'port' | 'query';

/** What the client puts in front of a URL without a scheme, if there is no page (socket.io-client lib/url.ts, 2.0 and later). */
const NO_SCHEME = 'undefined//';
/** A scheme after the one that the client added because it did not recognize it: `http://htp://…`, `http://https:/…`, `http://ws//…`. */
const SECOND_SCHEME = /^([\w+.-]+:\/\/|(https?|wss?)(:(?!\d)|\/\/))/i;
/** RFC 1123 with underscores, which some networks use, names in other scripts, and addresses; an empty host is the page's own. */
const HOST = /^(\[[\da-f:.]+(%\w+)?\]|[\w.\u0080-\uffff-]*)$/i;
/** What a variable without a value turns into in a string. */
const NO_VALUE = /^(undefined|null|nan|false)$/i;
const MAX_PORT = 65_535;

/** Looks at the URL as the client completed it, and at the query that the app passes, in the URL or as an option; nothing of it is kept. */
export function urlFlaw(uri: unknown, query?: unknown): UrlFlaw | undefined {
  return flawOf(uri) ?? (hasSession(query) ? 'query' : undefined);
}

function hasSession(query: unknown): boolean {
  return typeof query === 'string' ? /(^|[?&])sid=/.test(query) : 'sid' in Object(query);
}

function flawOf(uri: unknown): UrlFlaw | undefined {
  if (typeof uri !== 'string') return undefined;
  if (uri.startsWith(NO_SCHEME)) return 'scheme';
  const [, rest, authority] = /^(?:https?|wss?):\/\/(?:[^/?#]*@)?(([^/?#]*)[\s\S]*)/i.exec(uri) ?? [];
  if (rest === undefined || authority === undefined) return undefined;
  if (SECOND_SCHEME.test(rest)) return 'scheme';
  const [, host = '', port] = /^(\[[^\]]*\]?|[^:]*)(?::([\s\S]*))?$/.exec(authority) ?? [];
  if (!HOST.test(host) || NO_VALUE.test(host)) return 'host';
  // What follows the digits is treated as the namespace, and the server is dialed all the same.
  const digits = /^\d*/.exec(port ?? '')?.[0];
  if (!port) return undefined;
  return Number(digits) > 0 && Number(digits) <= MAX_PORT ? undefined : 'port';
}
