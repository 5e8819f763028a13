import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Scheme of the page, which the client put in front of the URL; `none` if there is no page. */
  readonly scheme: string;
}

export const rule: Rule<'url-missing', Details> = {
  code: 'url-missing',
  title: 'The server URL is missing or incomplete',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/client-initialization/#from-a-different-domain',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const given = facts.usage('options-given');
    if (given?.strangeScheme === undefined) return undefined;
    const isNone = given.strangeScheme === 'none';
    return {
      certainty: 'confirmed',
      details: { scheme: given.strangeScheme },
      evidence: [
        evidence(
          isNone
            ? 'The client got no full URL, and there is no page whose address it could use instead.'
            : `The client got no full URL and used the page's address instead, which begins with ${given.strangeScheme}`,
          given,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Without a URL, or with one that lacks `https://`, the client connects to the server that the page came from. This page did not come from a server: it is a file, part of an Electron app or a browser extension, or there is no page at all, as in Node and React Native. A URL variable that is `undefined` looks the same.',
  remedy: () =>
    'Pass the full URL of your Socket.IO server to `io()`, including `https://` or `http://`. If it comes from an environment variable, check that the build inserts a value.',
  snippet: () => "const socket = io('https://api.example.com');",
  see: [
    {
      title: 'Client initialization: from a different domain',
      url: 'https://socket.io/docs/v4/client-initialization/#from-a-different-domain',
    },
    { title: 'How to use with React Native', url: 'https://socket.io/how-to/use-with-react-native#connection-url' },
  ],
};
