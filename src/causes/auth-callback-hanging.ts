import { evidence } from '../diagnosis/evidence.js';
import { isSilentForGood } from '../diagnosis/is-silent-for-good.js';
import { lateAuth } from '../diagnosis/late-auth.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly namespace: string;
  /** How long the connection was open when it was noticed, in milliseconds; absent where the server closed it before. */
  readonly waitedMs?: number;
}

/** A token is there sooner: a server that closes its sessions earlier than this does so for reasons of its own. */
const SLOW_MS = 1_000;

export const rule: Rule<'auth-callback-hanging', Details> = {
  code: 'auth-callback-hanging',
  title: "The client's own auth function does not call back",
  phase: 'namespace',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/client-options/#auth',
  needs: [],
  yieldsTo: ['network-offline'],
  match(facts) {
    const { unanswered, options, closing } = facts;
    const late = lateAuth(facts);
    const isOrderly = closing?.signal.byServer || closing?.closeCode === 1005;
    if (late && closing?.hadConnected && isOrderly) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { namespace: late.namespace },
        evidence: [
          evidence('A connection ended before the client had asked for its namespace.', late),
          evidence(
            'The next one was closed by the server, as one is in which a namespace is asked for twice.',
            closing.signal,
          ),
        ],
      };
    }
    if (!unanswered || unanswered.ended === 'parse error') return undefined;
    const { signal, sent, ended, waitedMs, namespace, alike } = unanswered;
    const isHidden = sent === 'unknown' && options.hasAuth;
    if (sent !== 'no' && !isHidden) return undefined;
    const unsent = alike.filter((one) => one.sent === 'no');
    // A server that ends a session before its CONNECT may do so once for reasons of its own.
    const isRepeated = ended === 'orderly' && unsent.length >= 2 && waitedMs >= SLOW_MS;
    return {
      // Until then it may only be slow: a token that is fetched, a person who logs in.
      certainty: isSilentForGood({ alike: unsent }) || isRepeated ? 'confirmed' : 'suspected',
      likelihood: isHidden ? 'possible' : 'likely',
      details: { namespace, ...(ended === undefined && { waitedMs }) },
      evidence: [
        evidence(
          isHidden
            ? 'The connection was open, and whether the client asked for its namespace was not seen.'
            : ended === undefined
              ? `The connection was open for ${waitedMs} ms, and the client never asked for its namespace.`
              : 'The server closed a connection on which the client had not asked for its namespace.',
          signal,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The connection to the server is open, but the client never asks for its namespace: the function given as `auth` has not called its callback. It threw, its promise was rejected, or it waits for a token that never comes. The server closes such a connection after its `connectTimeout` (45 s), and it begins again.',
  remedy: () =>
    'Make the `auth` function call its callback on every path, also when the token cannot be had: call it with an empty object then, so that the server can refuse. An `async` function must catch its own errors, and what it waits for needs a time limit. The function gets the callback as its argument; what it returns is ignored.',
  snippet: () =>
    'io(url, {\n  auth: (cb) => {\n    fetchToken().then((token) => cb({ token }), () => cb({}));\n  },\n});',
  see: [
    { title: 'Client option auth', url: 'https://socket.io/docs/v4/client-options/#auth' },
    { title: 'Sending credentials', url: 'https://socket.io/docs/v4/middlewares/#sending-credentials' },
  ],
};
