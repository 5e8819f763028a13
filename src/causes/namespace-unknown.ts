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
              ? 'The server refused without a message that the client can read, as some do for a namespace that they do not know.'
              : 'The server refused in a sentence about the namespace.',
            refusal,
          ),
        ],
      };
    }
    // socket.io lib/client.ts answers CONNECT with this message, in 1.x and 2.x as a bare string.
    if (refusal?.error.message !== 'Invalid namespace') return undefined;
    const { namespace } = refusal;
    return {
      // JavaScript servers have the default one always (lib/index.ts, `this.sockets = this.of('/')`); in another language it may be missing.
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
    'The connection works, but the server has no such namespace. The path in the URL given to `io()` names a namespace; the request path is the separate option `path`.',
  remedy: ({ namespace, looksLikePath }) =>
    looksLikePath
      ? `"${namespace}" comes from the URL and was taken as a namespace. If it is meant as a request path, give it as the \`path\` option (\`/socket.io/\` is the one that the client asks for anyway); otherwise create the namespace on the server.`
      : `Create the namespace on the server with \`io.of("${namespace}")\`, or correct its name in the URL (a variable in it may have no value). Do it before the server listens: who comes back after a restart asks at once, and the socket does not try again by itself.`,
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
