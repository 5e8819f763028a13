import { evidence } from '../diagnosis/evidence.js';
import {
  cutAfterMs,
  DESTROYED_AFTER_MS,
  fingerprint,
  isCutAlike,
  isCutByTimer,
  isRefusedAtOnce,
} from '../diagnosis/fingerprint.js';
import { httpAnswer, isAnybodysRefusal, isEngineBody } from '../diagnosis/http-answer.js';
import { mayRedirectSlash } from '../diagnosis/may-redirect-slash.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly requestedPath: string;
  /** The path at which a Socket.IO server responded; absent when only its presence is known. */
  readonly workingPath?: string;
  /** The client's `path` option contains this character, which ends a path in a URL. */
  readonly holds?: '?' | '#';
}

const DEFAULT_PATH = '/socket.io/';

/** What S3 and API Gateway respond for a path that they do not have, and firewalls for one that they guard. */
const FORBIDDEN = 403;

/**
 * What servers and proxies respond for a path that they do not know, including the page of a single-page app and a rejection of the method.
 */
function isNotFound(status: number): boolean {
  return (
    status < 300 ||
    status === 400 ||
    status === FORBIDDEN ||
    status === 404 ||
    status === 405 ||
    status === 410 ||
    status === 426
  );
}

export const rule: Rule<'path-mismatch', Details> = {
  code: 'path-mismatch',
  title: 'The client and server use different request paths',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-request-path-does-not-match-on-both-sides',
  needs: ['websocket-handshake', 'http-handshake', 'other-path', 'unused-path'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake) return undefined;
    if (lacksSlash(facts.target.path)) {
      return {
        certainty: 'confirmed',
        details: { requestedPath: facts.target.path },
        evidence: [evidence('The path does not start with a slash, and the client does not add one.', failure.signal)],
      };
    }
    if (failure.systemError) return undefined;
    const { pathHolds, hasQuery } = facts.options;
    // The app's own query comes before the client's, which can then be read again.
    if (pathHolds && (pathHolds === '#' || !hasQuery)) {
      const isAnswered = !failure.blind && !failure.cut;
      return {
        certainty: isAnswered ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { requestedPath: facts.target.path, holds: pathHolds },
        evidence: [
          evidence(
            `The \`path\` option contains a "${pathHolds}", so the client's own query does not reach the server intact.`,
            failure.signal,
          ),
        ],
      };
    }
    const answer = httpAnswer(facts);
    const status = answer?.status;
    if (answer?.body?.is === 'certificate-wanted') return undefined;
    if (answer && isEngineBody(answer.body) && !isAnybodysRefusal(facts, answer)) return undefined;
    if (answer && !answer.isOfUpgrade && status !== undefined && !isNotFound(status)) return undefined;
    const websocket = facts.probe('websocket-handshake');
    if (websocket && websocket.answer !== 'no') return undefined;
    if (
      facts.probe('http-handshake')?.http?.result === 'redirected' ||
      facts.probe('swapped-scheme')?.answer === 'yes'
    ) {
      return undefined;
    }

    const requested = facts.target.path;
    const details = { requestedPath: requested };
    const other = facts.probe('other-path');
    const unused = facts.probe('unused-path');
    const elsewhere = fingerprint(facts);
    // A server that does not know a path says so: a request without any response was dropped by something that filters by path.
    const reachable = facts.probe('http-reachable');
    const isDropped = reachable?.http?.result === 'failed';
    const isUnasked = failure.blind && facts.runtime.kind !== 'node' && (reachable?.answer ?? 'unknown') === 'unknown';
    // A firewall that guards a path rejects requests there, whatever else responds at the same address.
    const isGuarded = status === FORBIDDEN && answer?.isOfUpgrade === false;
    const isForeign = elsewhere === 'yes' && isCutAlike(websocket, unused);
    if (other?.answer === 'yes' && other.path !== undefined) {
      // Two apps behind one address are not a mismatch: that nobody owns the requested path must be read from a response, or be obvious
      // from the two names.
      const isPlain = other.path.replace(/\/$/, '') === requested.replace(/\/$/, '') || requested === DEFAULT_PATH;
      const ownMs = cutAfterMs(websocket);
      const isOwnCut = ownMs >= DESTROYED_AFTER_MS && other.durationMs < ownMs / 2;
      const isKnown = answer !== undefined || isPlain || isForeign || isOwnCut;
      return {
        // As a class: what never responds here may be another app at the same address that is stuck, and the slash may be redirected away.
        ...((!isKnown || mayRedirectSlash(facts)) && { asClass: true as const }),
        certainty: !isDropped && !isUnasked && !isGuarded && (isKnown || failure.timedOut) ? 'confirmed' : 'suspected',
        ...(!isDropped && { likelihood: 'likely' }),
        details: { ...details, workingPath: other.path },
        evidence: [evidence(`A Socket.IO server responded at ${other.path}.`, other)],
      };
    }
    if (unused && elsewhere === 'yes') {
      return {
        certainty: isForeign && !isDropped && !isUnasked && !isGuarded ? 'confirmed' : 'suspected',
        ...(!isDropped && !isRefusedAtOnce(facts) && { likelihood: 'likely' }),
        details,
        evidence: [
          evidence(
            'A Socket.IO server is attached to this address: it cut a WebSocket to an unused path after one second.',
            unused,
          ),
          ...(isForeign && websocket
            ? [evidence('It did the same at the requested path, which is therefore not its own.', websocket)]
            : []),
        ],
      };
    }
    const isOpen = failure.blind || failure.cut || answer !== undefined;
    if (!isOpen) return undefined;
    // A proxy that forwards this path and changes it (a `proxy_pass` with a trailing slash): the server behind it cuts what is not its own.
    if (websocket && isCutByTimer(facts, websocket)) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details,
        evidence: [
          evidence(
            'A WebSocket to the requested path was cut after one second, as a Socket.IO server does with a path that is not its own.',
            websocket,
          ),
        ],
      };
    }
    return {
      certainty: 'suspected',
      details,
      evidence: [evidence(`No Socket.IO server responded at ${requested}.`, failure.signal)],
    };
  },
};

/**
 * engine.io-client appends the option `path` to host and port as it is (lib/transport.ts, createUri): the result is another host name or no
 * URL at all.
 */
function lacksSlash(path: string): boolean {
  return path !== '' && !path.startsWith('/');
}

export const text: Text<Details> = {
  summary:
    'A Socket.IO server is running at this address, but under a different request path than the one the client asks for. The `path` option must be the same on both sides, taking into account what a reverse proxy strips or adds. The path in the URL passed to `io()` is not the request path: it is the namespace.',
  remedy({ requestedPath, workingPath, holds }) {
    if (holds)
      return `Remove the "${holds}" and everything after it from the \`path\` option: the client appends its own query behind it, where the server no longer reads it as a query. Pass your own parameters in the \`query\` option and tokens in \`auth\`.`;
    if (lacksSlash(requestedPath))
      return `Start the \`path\` option with a slash: \`path: '/${requestedPath}'\`. The client appends it to the host and port as it is.`;
    if (!workingPath)
      return `The client requests ${requestedPath}, where no Socket.IO server responds. Set the same \`path\` on both sides, and check what the reverse proxy does to the prefix: in nginx, a \`proxy_pass\` with a path, even a single slash, replaces the path of its \`location\`, so either both must end with a slash or neither. An app mounted under a path (\`app.mount('/ws', …)\` in FastAPI) has that path in front of its own: /ws/socket.io.`;
    return `${workingPath}/` === requestedPath
      ? `The server responds at ${workingPath}, without the trailing slash. The client adds that slash: set \`addTrailingSlash: false\` in the client (4.6 and later), or make the proxy and the server accept it.`
      : `The client requests ${requestedPath}, but the server responds at ${workingPath}. Set \`path\` to ${workingPath} in the client, or to ${requestedPath} on the server.`;
  },
  snippet({ requestedPath, workingPath }) {
    if (lacksSlash(requestedPath)) return `io('https://your-server.example', { path: '/${requestedPath}' });`;
    if (!workingPath)
      return 'location /socket.io/ { proxy_pass http://127.0.0.1:3000; } # nothing after the port, not even a slash';
    const withoutSlash = `${workingPath}/` === requestedPath ? ', addTrailingSlash: false' : '';
    return `io('https://your-server.example', { path: '${workingPath}'${withoutSlash} });`;
  },
  see: [
    {
      title: 'The request path does not match on both sides',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-request-path-does-not-match-on-both-sides',
    },
    { title: 'Client option path', url: 'https://socket.io/docs/v4/client-options/#path' },
  ],
};
