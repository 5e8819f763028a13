import { evidence } from '../diagnosis/evidence.js';
import { isBareNext } from '../diagnosis/is-bare-next.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { unreadAfterConnect } from '../diagnosis/unread-after-connect.js';

export interface Details {
  readonly namespace: string;
  /** The rejection carried details from the app in `err.data`. */
  readonly hasData: boolean;
}

export const rule: Rule<'middleware-rejected', Details> = {
  code: 'middleware-rejected',
  title: 'A server middleware rejected the connection',
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
          evidence("The server's first packet could not be parsed, which is how some servers reject a client.", unread),
        ],
      };
    }
    // It rejects, in the server's own words, a namespace that its servers always have: a middleware must have sent them.
    const isOwnWord = refusal.error.message === 'Invalid namespace';
    if (isOwnWord && refusal.namespace !== '/') return undefined;
    return {
      // A JavaScript server sends a message for anything that is an Error. Without one, this may be how another server rejects an unknown
      // namespace, and so it may be if the message is about that.
      certainty: refusal.noMessage || refusal.aboutNamespace || isOwnWord ? 'suspected' : 'confirmed',
      likelihood: isOwnWord || isBareNext(facts) ? 'likely' : 'possible',
      details: { namespace: refusal.namespace, hasData: refusal.hasData === true },
      evidence: [
        evidence("The server answered CONNECT with a rejection in the app's own words.", refusal),
        ...(refusal.active === false ? [evidence('The socket will not retry by itself.', refusal)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The client reached the server, but a middleware registered with `io.use()` rejected it, usually because its credentials are missing, wrong or expired. The client does not retry by itself after such a rejection.',
  remedy: () =>
    'Read `err.message` and `err.data` in the `connect_error` handler: they come from your own server. (If `err.message` is empty, a middleware called `next()` with something that is not an Error.) Renew whatever credentials it asks for, set them on `socket.auth`, and call `socket.connect()`.',
  snippet: () =>
    "socket.on('connect_error', async (err) => {\n  if (socket.active) return; // temporary failure, the client retries by itself\n  socket.auth = { token: await renewToken() };\n  socket.connect();\n});",
  see: [
    { title: 'Handling middleware errors', url: 'https://socket.io/docs/v4/middlewares/#handling-middleware-error' },
    { title: 'connect_error', url: 'https://socket.io/docs/v4/client-socket-instance/#connect_error' },
  ],
};
