import { evidence } from '../diagnosis/evidence.js';
import { isBareNext } from '../diagnosis/is-bare-next.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { unreadAfterConnect } from '../diagnosis/unread-after-connect.js';

export interface Details {
  readonly namespace: string;
  /** The refusal carried details of the app in `err.data`. */
  readonly hasData: boolean;
}

export const rule: Rule<'middleware-rejected', Details> = {
  code: 'middleware-rejected',
  title: 'A middleware of the server refused the connection',
  phase: 'namespace',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/middlewares/#handling-middleware-error',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const { refusal } = facts;
    if (!refusal) {
      const unread = unreadAfterConnect(facts);
      if (!unread) return undefined;
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { namespace: unread.namespace, hasData: false },
        evidence: [
          evidence('The first answer of the server could not be read, as one in which another server refuses.', unread),
        ],
      };
    }
    // In the server's own words about a namespace that its servers always have: they are a middleware's.
    const isOwnWord = refusal.error.message === 'Invalid namespace';
    if (isOwnWord && refusal.namespace !== '/') return undefined;
    return {
      // A JavaScript server sends a message for whatever is an Error; without one it may be another server's word for an unknown namespace, and so it may be
      // where the message is about that.
      certainty: refusal.noMessage || refusal.aboutNamespace || isOwnWord ? 'suspected' : 'confirmed',
      likelihood: isOwnWord || isBareNext(facts) ? 'likely' : 'possible',
      details: { namespace: refusal.namespace, hasData: refusal.hasData === true },
      evidence: [
        evidence("The server answered CONNECT with a refusal in the app's own words.", refusal),
        ...(refusal.active === false ? [evidence('The socket will not try again by itself.', refusal)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The server was reached and a middleware registered with `io.use()` refused this client, usually because its credentials are missing, wrong or expired. The client does not try again by itself after such a refusal.',
  remedy: () =>
    'Read `err.message` and `err.data` in the `connect_error` handler: they are the words of your own server. (Where `err.message` is empty, a middleware called `next()` with something that is no Error.) Renew what it asks for, set it on `socket.auth`, and call `socket.connect()`.',
  snippet: () =>
    "socket.on('connect_error', async (err) => {\n  if (socket.active) return; // a passing failure, the client retries\n  socket.auth = { token: await renewToken() };\n  socket.connect();\n});",
  see: [
    { title: 'Handling middleware errors', url: 'https://socket.io/docs/v4/middlewares/#handling-middleware-error' },
    { title: 'connect_error', url: 'https://socket.io/docs/v4/client-socket-instance/#connect_error' },
  ],
};
