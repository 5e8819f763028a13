import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { UrlFlaw } from '../signals/url-flaw.js';

export interface Details {
  /** The part of the URL that is malformed; from a malformed end the client makes a namespace that does not begin with a slash. */
  readonly part: UrlFlaw | 'namespace';
}

export const rule: Rule<'url-malformed', Details> = {
  code: 'url-malformed',
  title: 'The URL passed to the client is invalid',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-initialization/#from-a-different-domain',
  needs: [],
  yieldsTo: [],
  match({ connecting, unanswered, options, probe }) {
    // A server that answered a handshake was reached. The only one of these flaws that reaches its server is a session that is named
    // without having been started, and the server rejects it: with 400, which a page does not get to see for a WebSocket.
    const isMet = options.urlFlaw !== 'query' || connecting?.error.status === 400;
    if (connecting && !connecting.handshake && options.urlFlaw && (isMet || connecting.blind)) {
      const asked = probe('websocket-handshake');
      if (asked?.answer === 'no' && !isMet) return undefined;
      return {
        certainty: isMet ? 'confirmed' : 'suspected',
        ...(asked?.answer === 'yes' && { likelihood: 'likely' as const }),
        ask: ['websocket-handshake'],
        details: { part: options.urlFlaw },
        evidence: [evidence(CLAIMS[options.urlFlaw], connecting.signal)],
      };
    }
    // No CONNECT packet can carry it: a server reads what follows the type as data, and closes (socket.io-parser 2 to 4, decodeString).
    if (!unanswered || unanswered.namespace.startsWith('/')) return undefined;
    return {
      certainty: 'confirmed',
      details: { part: 'namespace' },
      evidence: [evidence(CLAIMS.namespace, unanswered.signal)],
    };
  },
};

const CLAIMS: Readonly<Record<Details['part'], string>> = {
  scheme: 'The client found no scheme at the start of the URL, or a second one after it.',
  host: 'The host in the URL is invalid: it contains characters that no host name has, or comes from a variable without a value.',
  port: 'The port in the URL is not a number from 1 to 65535.',
  query: "The app's query contains the parameter `sid`, which names a session, and the server rejected the request.",
  namespace: 'The client took the end of the URL for a namespace, but it does not begin with a slash.',
};

const REMEDIES: Readonly<Record<Details['part'], string>> = {
  scheme:
    'Start the URL with `https://` or `http://` (`wss://` and `ws://` work, too): once, in lowercase, and with nothing before it. Outside a page, as in Node and React Native, the client cannot fill in a missing scheme or URL. Print the value that is passed to `io()`.',
  host: 'Print the value that is passed to `io()`: its host is a variable without a value, an unreplaced placeholder, an object converted to a string, or contains quotes or spaces. Check that the build or the process really gets the environment variable.',
  port: 'Print the value that is passed to `io()`: the host is followed by a colon but no valid port, such as `:undefined` or a number out of range. The client ignores such a port and dials 80 or 443 instead. An IPv6 address needs brackets: `http://[::1]:3000`.',
  query:
    'Rename the `sid` parameter in the URL or in the `query` option: the client uses that name for its own session, so the server takes the first request for one of a session that it does not know. Pass information about the user in the `auth` option.',
  namespace:
    'Print the value that is passed to `io()`: something follows the port that does not belong there, such as a quote, a space, a semicolon, a second port or a second URL. A namespace begins with a slash.',
};

export const text: Text<Details> = {
  summary:
    'The value passed to `io()` is not a valid server URL, so the client dials something other than what you meant, or nothing at all. Most often, an environment variable has no value (`undefined`, `%API_URL%`), contains quotes, a space or a semicolon, or lacks `https://`.',
  remedy: ({ part }) => REMEDIES[part] ?? REMEDIES.namespace,
  snippet: () => "const socket = io('https://api.example.com:3000/my-namespace');",
  see: [
    {
      title: 'Client initialization: from a different domain',
      url: 'https://socket.io/docs/v4/client-initialization/#from-a-different-domain',
    },
  ],
};
