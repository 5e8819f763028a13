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
  /** The path at which a Socket.IO server answered; absent when only its presence is known. */
  readonly workingPath?: string;
  /** The option `path` of the client holds this character, which ends a path in a URL. */
  readonly holds?: '?' | '#';
}

const DEFAULT_PATH = '/socket.io/';

/** What S3 and API Gateway say of a path that they do not have, and firewalls of one that they guard. */
const FORBIDDEN = 403;

/** What servers and proxies answer for a path that they do not know: also the page of a single-page app, and a refusal of the method. */
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
  title: 'Client and server use different request paths',
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
        evidence: [
          evidence(
            'The path does not begin with a slash, and the client puts none between host and path.',
            failure.signal,
          ),
        ],
      };
    }
    if (failure.systemError) return undefined;
    const { pathHolds, hasQuery } = facts.options;
    // A query of the app stands in front of the client's own, which is read again then.
    if (pathHolds && (pathHolds === '#' || !hasQuery)) {
      const isAnswered = !failure.blind && !failure.cut;
      return {
        certainty: isAnswered ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { requestedPath: facts.target.path, holds: pathHolds },
        evidence: [
          evidence(
            `The option \`path\` holds a "${pathHolds}", behind which the client puts what the server looks for in the query.`,
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
    // Whoever does not know a path says so: a request without any answer was dropped by something that goes by the path.
    const reachable = facts.probe('http-reachable');
    const isDropped = reachable?.http?.result === 'failed';
    const isUnasked = failure.blind && facts.runtime.kind !== 'node' && (reachable?.answer ?? 'unknown') === 'unknown';
    // Who guards a path says no there, whatever else answers at the same address.
    const isGuarded = status === FORBIDDEN && answer?.isOfUpgrade === false;
    const isForeign = elsewhere === 'yes' && isCutAlike(websocket, unused);
    if (other?.answer === 'yes' && other.path !== undefined) {
      // Two apps behind one address are no mismatch: that the requested path is nobody's must be read, or be plain from the two names.
      const isPlain = other.path.replace(/\/$/, '') === requested.replace(/\/$/, '') || requested === DEFAULT_PATH;
      const ownMs = cutAfterMs(websocket);
      const isOwnCut = ownMs >= DESTROYED_AFTER_MS && other.durationMs < ownMs / 2;
      const isKnown = answer !== undefined || isPlain || isForeign || isOwnCut;
      return {
        // As a class: what never answers here may be another app of the same address, which is stuck, and the slash may be redirected away.
        ...((!isKnown || mayRedirectSlash(facts)) && { asClass: true as const }),
        certainty: !isDropped && !isUnasked && !isGuarded && (isKnown || failure.timedOut) ? 'confirmed' : 'suspected',
        ...(!isDropped && { likelihood: 'likely' }),
        details: { ...details, workingPath: other.path },
        evidence: [evidence(`A Socket.IO server answered at ${other.path}.`, other)],
      };
    }
    if (unused && elsewhere === 'yes') {
      return {
        certainty: isForeign && !isDropped && !isUnasked && !isGuarded ? 'confirmed' : 'suspected',
        ...(!isDropped && !isRefusedAtOnce(facts) && { likelihood: 'likely' }),
        details,
        evidence: [
          evidence(
            'A Socket.IO server is attached to this address: it cut a WebSocket to an unused path after its one second.',
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
    // A proxy that forwards this path and changes it (a `proxy_pass` with a slash at its end): the server behind cuts what is not its own.
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
      evidence: [evidence(`No Socket.IO server answered at ${requested}.`, failure.signal)],
    };
  },
};

/**
 * engine.io-client appends the option `path` to host and port as it is (lib/transport.ts, createUri): what comes of it is another host name
 * or no URL at all.
 */
function lacksSlash(path: string): boolean {
  return path !== '' && !path.startsWith('/');
}

export const text: Text<Details> = {
  summary:
    'A Socket.IO server runs at this address, but under another request path than the one the client asks for. The `path` option must be the same on both sides, and what a reverse proxy strips or adds counts. The path in the URL given to `io()` is not the request path: it names a namespace.',
  remedy({ requestedPath, workingPath, holds }) {
    if (holds)
      return `Take the "${holds}" and what follows out of the option \`path\`: the client appends its own query to it, which is no query then. Parameters of your own belong into the option \`query\`, a token into \`auth\`.`;
    if (lacksSlash(requestedPath))
      return `Begin the option \`path\` with a slash: \`path: '/${requestedPath}'\`. The client appends it to host and port as it is.`;
    if (!workingPath)
      return `The client asks for ${requestedPath}, where no Socket.IO server answers. Set the same \`path\` on both sides, and check what the reverse proxy does to the prefix: in nginx a \`proxy_pass\` with a path, be it a slash, puts that in place of its \`location\`, so that both must end with a slash or neither. What is mounted under a path (\`app.mount('/ws', …)\` in FastAPI) has that path in front of its own: /ws/socket.io.`;
    return `${workingPath}/` === requestedPath
      ? `The server answers at ${workingPath} and not with a slash at its end. The client adds that slash: set \`addTrailingSlash: false\` in the client (4.6 and later), or let the proxy and the server accept it.`
      : `The client asks for ${requestedPath}, the server answers at ${workingPath}. Set \`path\` to ${workingPath} in the client, or to ${requestedPath} in the server.`;
  },
  snippet({ requestedPath, workingPath }) {
    if (lacksSlash(requestedPath)) return `io('https://your-server.example', { path: '/${requestedPath}' });`;
    if (!workingPath)
      return 'location /socket.io/ { proxy_pass http://127.0.0.1:3000; } # nothing, not even a slash, after the port';
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
