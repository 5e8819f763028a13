import { evidence } from '../diagnosis/evidence.js';
import { isSilentForGood } from '../diagnosis/is-silent-for-good.js';
import { lateAuth } from '../diagnosis/late-auth.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly namespace: string;
  /** How long the connection had been open when this was noticed, in milliseconds; absent if the server closed it first. */
  readonly waitedMs?: number;
}

/** A token normally arrives within this time, and a server that closes its sessions even earlier does so for reasons of its own. */
const SLOW_MS = 1_000;

export const rule: Rule<'auth-callback-hanging', Details> = {
  code: 'auth-callback-hanging',
  title: "The client's auth function does not call its callback",
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
          evidence('A connection ended before the client had asked to join its namespace.', late),
          evidence('The server closed the next one, as it does when a namespace is requested twice.', closing.signal),
        ],
      };
    }
    if (!unanswered || unanswered.ended === 'parse error') return undefined;
    const { signal, sent, ended, waitedMs, namespace, alike } = unanswered;
    const isHidden = sent === 'unknown' && options.hasAuth;
    if (sent !== 'no' && !isHidden) return undefined;
    const unsent = alike.filter((one) => one.sent === 'no');
    // A server that ends a session before its CONNECT packet may do so once for reasons of its own.
    const isRepeated = ended === 'orderly' && unsent.length >= 2 && waitedMs >= SLOW_MS;
    return {
      // Until then it may just be slow: a token being fetched, or a user logging in.
      certainty: isSilentForGood({ alike: unsent }) || isRepeated ? 'confirmed' : 'suspected',
      likelihood: isHidden ? 'possible' : 'likely',
      details: { namespace, ...(ended === undefined && { waitedMs }) },
      evidence: [
        evidence(
          isHidden
            ? 'The connection was open; whether the client asked to join its namespace is unknown.'
            : ended === undefined
              ? `The connection was open for ${waitedMs} ms, and the client never asked to join its namespace.`
              : 'The server closed a connection on which the client had not asked to join its namespace.',
          signal,
        ),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The connection to the server is open, but the client never asks to join its namespace because the function passed as `auth` has not called its callback: it threw an error, its promise was rejected, or it is waiting for a token that never arrives. The server closes such a connection after its `connectTimeout` (45 s), and the cycle starts over.',
  remedy: () =>
    'Make sure that the `auth` function calls its callback on every code path, even when it cannot get a token: in that case, call it with an empty object, so that the server can reject the client. An `async` function must catch its own errors, and anything it waits for needs a timeout. The callback is passed as an argument; the return value is ignored.',
  snippet: () =>
    'io(url, {\n  auth: (cb) => {\n    fetchToken().then((token) => cb({ token }), () => cb({}));\n  },\n});',
  see: [
    { title: 'Client option auth', url: 'https://socket.io/docs/v4/client-options/#auth' },
    { title: 'Sending credentials', url: 'https://socket.io/docs/v4/middlewares/#sending-credentials' },
  ],
};
