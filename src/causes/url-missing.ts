import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Scheme of the page, which the client put before the URL; `none` where there is no page. */
  readonly scheme: string;
}

export const rule: Rule<'url-missing', Details> = {
  code: 'url-missing',
  title: 'The URL of the server is missing where there is no page of a server',
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
            ? 'The client was given no full URL, and there is no page whose address it could take instead.'
            : `The client was given no full URL and took the address of the page instead, which begins with ${given.strangeScheme}`,
          given,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Without a URL, or with one that lacks `https://`, the client dials the server that the page came from. This page did not come from a server: it is a file, part of an Electron app or an extension, or there is no page at all, as in Node and React Native. A variable with the URL that is `undefined` looks the same.',
  remedy: () =>
    'Give `io()` the full URL of your Socket.IO server, with `https://` or `http://`. If it comes from a variable of the environment, check that the build puts a value in.',
  snippet: () => "const socket = io('https://api.example.com');",
  see: [
    {
      title: 'Client initialization: from a different domain',
      url: 'https://socket.io/docs/v4/client-initialization/#from-a-different-domain',
    },
    { title: 'How to use with React Native', url: 'https://socket.io/how-to/use-with-react-native#connection-url' },
  ],
};
