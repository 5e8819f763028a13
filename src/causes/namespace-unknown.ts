import { evidence } from '../diagnosis/evidence.js';
import { isBareNext } from '../diagnosis/is-bare-next.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly namespace: string;
  /** The namespace looks like a request path that was put into the URL. */
  readonly looksLikePath: boolean;
}

export const rule: Rule<'namespace-unknown', Details> = {
  code: 'namespace-unknown',
  title: 'The namespace does not exist on the server',
  phase: 'namespace',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-request-path-does-not-match-on-both-sides',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const { refusal } = facts;
    if (refusal?.noMessage || refusal?.aboutNamespace) {
      return {
        certainty: 'suspected',
        likelihood: isBareNext(facts) ? 'possible' : 'likely',
        details: { namespace: refusal.namespace, looksLikePath: looksLikePath(refusal.namespace) },
        evidence: [
          evidence(
            refusal.noMessage
              ? 'The server rejected the client without a message that it can read, as some servers do for an unknown namespace.'
              : 'The server rejected the client with a message about the namespace.',
            refusal,
          ),
        ],
      };
    }
    // socket.io lib/client.ts answers CONNECT with this message, in 1.x and 2.x as a bare string.
    if (refusal?.error.message !== 'Invalid namespace') return undefined;
    const { namespace } = refusal;
    return {
      // JavaScript servers always have the default one (lib/index.ts, `this.sockets = this.of('/')`); in other languages it may be missing.
      certainty: namespace === '/' ? 'suspected' : 'confirmed',
      details: { namespace, looksLikePath: looksLikePath(namespace) },
      evidence: [evidence('The server answered "Invalid namespace".', refusal)],
    };
  },
};

/** Several segments, a trailing slash, a dot, or the names that request paths usually carry. */
function looksLikePath(namespace: string): boolean {
  return /^\/.*\/|\.|^\/(api|ws|socket|v\d+)$/i.test(namespace);
}

export const text: Text<Details> = {
  summary:
    'The connection works, but the server has no such namespace. The path in the URL passed to `io()` is the namespace; the request path is a separate option, `path`.',
  remedy: ({ namespace, looksLikePath }) =>
    looksLikePath
      ? `"${namespace}" comes from the URL and was used as the namespace. If it is meant to be the request path, pass it as the \`path\` option (\`/socket.io/\` is the default and can be left out); otherwise, create the namespace on the server.`
      : `Create the namespace on the server with \`io.of("${namespace}")\`, or correct its name in the URL (a variable in it may have no value). Create it before the server starts listening: clients that come back after a restart ask for it at once, and the socket does not retry by itself.`,
  snippet: ({ namespace, looksLikePath }) =>
    looksLikePath
      ? `io('https://your-server.example', { path: '${namespace.replace(/(\/socket\.io)?\/?$/, '')}/socket.io/' });`
      : `io.of('${namespace}').on('connection', (socket) => {});`,
  see: [
    {
      title: 'The request path does not match on both sides',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-request-path-does-not-match-on-both-sides',
    },
    { title: 'Namespaces', url: 'https://socket.io/docs/v4/namespaces/' },
  ],
};
