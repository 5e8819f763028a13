import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { UrlFlaw } from '../signals/url-flaw.js';

export interface Details {
  /** The part of the URL that is no such part; of a wrong end the client makes a namespace that does not begin with a slash. */
  readonly part: UrlFlaw | 'namespace';
}

export const rule: Rule<'url-malformed', Details> = {
  code: 'url-malformed',
  title: 'The URL given to the client is not a URL of a server',
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
    // Whoever answered a handshake was reached.
    // A session that is named without having been begun is the only one of them that reaches its server, which refuses it: with 400, of which a
    // page is not told where it is a WebSocket.
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
  scheme: 'The client found no scheme at the beginning of the URL, or a second one behind it.',
  host: 'The host in the URL is none: it holds characters that no name has, or is what a variable without a value becomes.',
  port: 'The port in the URL is not a number from 1 to 65535.',
  query: 'The query of the app names a session in the parameter `sid`, and the server refused the request.',
  namespace: 'The client took the end of the URL for a namespace, which does not begin with a slash.',
};

const REMEDIES: Readonly<Record<Details['part'], string>> = {
  scheme:
    'Begin the URL with `https://` or `http://` (`wss://` and `ws://` work, too), once, in small letters and with nothing before it. Outside of a page, as in Node and React Native, a URL without a scheme, or none at all, leaves nothing that could be dialled. Print the value that is given to `io()`.',
  host: 'Print the value that is given to `io()`: its host is a variable without a value, a placeholder that nobody filled in, an object that was made into a text, or has quotes or spaces in it. Check that the build or the process really gets the variable of the environment.',
  port: 'Print the value that is given to `io()`: behind the host comes a colon and no port, such as `:undefined`, or a number that is none. The client leaves such a port out and dials 80 or 443 instead. An IPv6 address needs brackets: `http://[::1]:3000`.',
  query:
    'Rename the parameter `sid` in the URL or in the option `query`: it is the one by which the client names its own session, and the server takes the first request for one of a session that it does not know. What the app has to say of its user belongs into the option `auth`.',
  namespace:
    'Print the value that is given to `io()`: something follows the port that does not belong there, such as a quote, a space, a semicolon, a second port or a second URL. A namespace begins with a slash.',
};

export const text: Text<Details> = {
  summary:
    'What `io()` was given is not the URL of a server, so that the client dials something else than was meant, or nothing. Most often a variable of the environment has no value (`undefined`, `%API_URL%`), holds quotes, a space or a semicolon, or lacks `https://`.',
  remedy: ({ part }) => REMEDIES[part] ?? REMEDIES.namespace,
  snippet: () => "const socket = io('https://api.example.com:3000/my-namespace');",
  see: [
    {
      title: 'Client initialization: from a different domain',
      url: 'https://socket.io/docs/v4/client-initialization/#from-a-different-domain',
    },
  ],
};
