import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { fingerprint } from '../diagnosis/fingerprint.js';
import { isRefusedByEngine } from '../diagnosis/is-refused-by-engine.js';
import { latest } from '../diagnosis/latest.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import { sendsOwn } from '../diagnosis/sends-own.js';
import { serverlessPlatform } from '../diagnosis/serverless-platform.js';
import { isOthersRefusal, isTakenByOther } from '../diagnosis/taken-by-other.js';
import type { Text } from '../diagnosis/text.js';
import type { ProbeName, SignalOf } from '../signals/signal.js';

export interface Details {
  /**
   * `rejected`: the handshake was rejected. `closed`: the connection was cut (Node can tell this from a rejection; browsers only once the
   * handshake had passed). `hanging`: it was never answered. `swallowed`: it succeeded, but no frame gets through.
   */
  readonly how: 'rejected' | 'closed' | 'hanging' | 'swallowed' | 'unknown';
  /** HTTP status of the rejection, if it can be read (Node). */
  readonly status?: number;
}

/** Two answers that mean something only together: what was rejected first must still be rejected after the other was given. */
const AGAIN: readonly ProbeName[] = ['websocket-again'];
const FIRST: readonly ProbeName[] = ['websocket-handshake', 'http-handshake'];

export const rule: Rule<'websocket-blocked', Details> = {
  code: 'websocket-blocked',
  title: 'WebSocket connections do not reach the server',
  phase: 'upgrade',
  fixedBy: 'proxy',
  severity: 'warning',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#a-proxy-in-front-of-your-servers-does-not-accept-the-websocket-connection',
  needs: FIRST,
  yieldsTo: ['network-offline', 'session-not-sticky', 'transport-not-available'],
  match(facts) {
    if (facts.upgrading) return matchUpgrade(facts, facts.upgrading);
    return facts.unanswered ? matchOneWay(facts) : matchWebSocketOnly(facts);
  },
};

function matchUpgrade(
  facts: Facts,
  upgrading: SignalOf<'upgrade-failed'> | SignalOf<'upgrade-overdue'>,
): Verdict<Details> | undefined {
  // It got through after all: it was late, not blocked. A later connection that gets through shows that this has passed.
  const through = facts.during('upgraded');
  if (through.some(({ attempt }) => attempt === upgrading.attempt)) return undefined;
  if (upgrading.kind === 'upgrade-failed' && upgrading.how === 'threw') return undefined;
  const probe = facts.probe('websocket-handshake');
  const again = facts.probe('websocket-again');
  if (probe?.answer === 'yes' || again?.answer === 'yes') return matchLetIn(facts, upgrading);
  const told =
    upgrading.kind === 'upgrade-failed'
      ? evidence(
          upgrading.how === 'fallback'
            ? 'The client started with WebSocket, failed, and connected over polling, where it stays.'
            : 'The upgrade to WebSocket failed while polling works.',
          upgrading,
        )
      : evidence(`The upgrade to WebSocket was offered but did not happen within ${upgrading.afterMs} ms.`, upgrading);
  const polling = facts.probe('http-handshake');
  // Opened and broken at once: two handlers on one server look like this as well.
  const isBroken = probe?.websocket?.result === 'closed';
  // A serverless platform is not a proxy that blocks something. HTTP is the control: it must work now, and for a request as bare as the
  // WebSocket that did not get through.
  const isSettled =
    !isBroken &&
    !serverlessPlatform(facts) &&
    probe?.answer === 'no' &&
    again?.answer === 'no' &&
    polling?.http?.body?.is === 'engineio-open' &&
    isOnTheWay(facts) &&
    !isClosing(probe);
  if (!isSettled) {
    return {
      certainty: 'suspected',
      likelihood:
        upgrading.kind === 'upgrade-failed' &&
        !isBroken &&
        !isRefusedByEngine(facts) &&
        !serverlessPlatform(facts) &&
        !(through.length > 0 && probe && isClosing(probe)) &&
        polling?.http?.result !== 'redirected'
          ? 'likely'
          : 'possible',
      ask: polling?.answer === 'yes' && probe?.answer === 'no' ? questionsLeft(facts) : FIRST,
      details: probe ? howBlocked(probe) : { how: 'unknown' },
      evidence: [told],
    };
  }
  return {
    certainty: 'confirmed',
    ...classOf(facts, probe),
    details: howBlocked(probe),
    evidence: [told, failed(probe)],
  };
}

/** A WebSocket of the SDK gets through, but the client's did not: what they do not have in common may be what is blocked. */
function matchLetIn(
  { all, during, options, probe }: Facts,
  upgrading: SignalOf<'upgrade-failed'> | SignalOf<'upgrade-overdue'>,
): Verdict<Details> | undefined {
  // The client's frames are: the SDK only listens, and its session over HTTP gets through as well.
  const overdue = latest(during('upgrade-overdue'));
  if (overdue && probe('session-upgrade')?.answer === 'yes') {
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: { how: 'swallowed' },
      evidence: [
        evidence(`The upgrade to WebSocket was not rejected, but not answered for ${overdue.afterMs} ms.`, overdue),
        evidence('A WebSocket of the SDK opened for a session that started over HTTP.', upgrading),
      ],
    };
  }
  // A client that started with WebSocket does not try it again: what was in its way may be gone since.
  const failed = latest(all('transport-failed'));
  const { status } = failed?.error ?? {};
  // What else it sends: a query, headers or cookies that are too long for a gateway, or whose value it does not like.
  const hasOwn = options.hasQuery || options.hasExtraHeaders || options.withCredentials;
  if (upgrading.kind !== 'upgrade-failed' || !(hasOwn || failed)) return undefined;
  return {
    certainty: 'suspected',
    // A session of the SDK that gets through speaks against servers that do not know each other's sessions.
    likelihood: status || probe('session-upgrade')?.answer === 'yes' ? 'likely' : 'possible',
    details: { how: 'rejected', ...(status && { status }) },
    evidence: [
      evidence(
        status
          ? `The client's WebSocket was rejected with ${status}.`
          : "The client's WebSocket was rejected, but one of the SDK gets through.",
        failed ?? upgrading,
      ),
    ],
  };
}

/** Over WebSocket alone: what the server says arrives, and nothing that client or SDK say is ever answered. */
function matchOneWay({ unanswered, probe }: Facts): Verdict<Details> | undefined {
  const asked = probe('namespace-connect');
  const { signal } = unanswered ?? {};
  if (signal?.kind !== 'connect-overdue' || signal.transport !== 'websocket') return undefined;
  if (asked && asked.connects?.unused !== 'silent') return undefined;
  return {
    certainty: 'suspected',
    likelihood: asked ? 'likely' : 'possible',
    details: { how: 'swallowed' },
    evidence: [
      evidence('A session opened over WebSocket, and no packet of the client was answered in it.', signal),
      ...(asked ? [evidence('Not even a namespace that does not exist was refused to the SDK.', asked)] : []),
    ],
  };
}

/** ws says 503 of itself while it closes, in words and no page (lib/websocket-server.js, handleUpgrade). */
function isClosing({ websocket }: SignalOf<'probe'>): boolean {
  return websocket?.status === 503 && websocket.body?.is !== 'html';
}

/**
 * Firefox shows two handlers that answer one upgrade as a refusal. There an upgrade to a path that nobody serves must not have come as far
 * as an Engine.IO server: what lets that through does not block WebSocket.
 */
function isOnTheWay(facts: Facts): boolean {
  if (facts.runtime.engine !== 'firefox') return true;
  return facts.probe('websocket-handshake')?.websocket?.result !== 'rejected' || fingerprint(facts) === 'no';
}

function questionsLeft({ runtime }: Facts): readonly ProbeName[] {
  return runtime.engine === 'firefox' ? [...AGAIN, 'unused-path'] : AGAIN;
}

/**
 * A page is not told who rejected it: if a server checks the origin of WebSockets only, it looks the same. In Node, a bare 400 or a 404 may
 * come from another WebSocket server on the same HTTP server; what Engine.IO itself answers to an upgrade that lost its headers is JSON.
 */
function classOf(facts: Facts, probe: SignalOf<'probe'>): { readonly asClass?: true } {
  return facts.runtime.kind === 'node' && !isOthersRefusal(probe) && !isTakenByOther(probe) ? {} : { asClass: true };
}

/** A client that starts with WebSocket cannot connect; that polling would work must be asked. */
function matchWebSocketOnly(facts: Facts): Verdict<Details> | undefined {
  const failure = facts.connecting;
  if (failure?.transport !== 'websocket' || failure.handshake || facts.client.protocol === undefined) return undefined;
  if (failure.systemError) return undefined;
  const probe = facts.probe('websocket-handshake');
  const again = facts.probe('websocket-again');
  const polling = facts.probe('http-handshake');
  const body = polling?.http?.body;
  if (probe?.answer === 'yes' && isCutAgain(facts, probe)) {
    return {
      certainty: 'suspected',
      details: { how: 'closed' },
      evidence: [
        evidence("The client's WebSocket was cut before its first message.", failure.signal),
        evidence('A WebSocket of the SDK, which offers no compression, gets through.', probe),
      ],
    };
  }
  // Some proxies learn of upgrades only after a first request over HTTP, as the SDK makes (http-proxy-middleware): then it hangs only once.
  if (probe?.answer === 'yes' ? !failure.timedOut : again?.answer === 'yes') return undefined;
  // Code 0 to polling comes from a server that may serve only WebSocket.
  const isWebSocketOnly = body?.is === 'engineio-error' && body.code === 0;
  // A gateway that requires the app's query may serve polling all the same.
  const isUnknown = sendsOwn(facts) && [401, 403, 500].includes(polling?.http?.status ?? 0);
  if (polling?.http?.result === 'answered' && body?.is !== 'engineio-open' && !isWebSocketOnly && !isUnknown)
    return undefined;
  if (facts.probe('http-reachable')?.answer === 'no') return undefined;
  // Opened and broken at once: two handlers on one server look like this as well.
  const isBroken = probe?.websocket?.result === 'closed';
  // A server that offers no WebSocket is not behind something that blocks it.
  if (body?.is === 'engineio-open' && (body.pollingOnly || body.protocol < 4 !== facts.client.protocol < 4))
    return undefined;
  if (
    probe?.answer === 'no' &&
    again?.answer === 'no' &&
    polling &&
    body?.is === 'engineio-open' &&
    !isBroken &&
    !isClosing(probe) &&
    isOnTheWay(facts) &&
    !serverlessPlatform(facts)
  ) {
    return {
      certainty: 'confirmed',
      ...classOf(facts, probe),
      details: howBlocked(probe),
      evidence: [
        failed(probe),
        evidence('The same Socket.IO server responds over HTTP and offers WebSocket.', polling),
      ],
    };
  }
  return {
    certainty: 'suspected',
    likelihood: isWebSocketOnly && probe?.answer === 'no' ? 'likely' : 'possible',
    ask: body?.is === 'engineio-open' && probe?.answer === 'no' ? questionsLeft(facts) : FIRST,
    details: { how: 'unknown' },
    evidence: [evidence('A client that starts with WebSocket could not connect.', failure.signal)],
  };
}

/**
 * In Node: cut even after the SDK got through. Then what is blocked is what the two do not have in common: headers, a query and the offer
 * of compression. IIS (ARR 3) cuts a WebSocket at its first compressed message.
 */
function isCutAgain({ all, runtime }: Facts, { at }: SignalOf<'probe'>): boolean {
  return (
    runtime.kind === 'node' &&
    all('engine-closed').some((ended) => !ended.opened && ended.closeCode === 1006 && ended.at > at)
  );
}

function failed(probe: SignalOf<'probe'>) {
  return evidence('A WebSocket opened by the SDK did not get through either.', probe);
}

function howBlocked({ websocket }: SignalOf<'probe'>): Details {
  const how = { rejected: 'rejected', closed: 'closed', timeout: 'hanging', silent: 'swallowed' } as const;
  const known = how[websocket?.result as keyof typeof how];
  // Node can tell a rejection, which has a status, from a connection that was cut.
  const isCut = known === 'rejected' && websocket?.status === undefined && websocket?.code !== undefined;
  return {
    how: isCut ? 'closed' : (known ?? 'unknown'),
    ...(websocket?.status !== undefined && { status: websocket.status }),
  };
}

const OTHER_HANDLER =
  'If another WebSocket server shares the HTTP server (`ws`, GraphQL subscriptions), create it with `noServer: true` and pass it only the upgrades for its own path: by default it rejects all others, and so do PeerJS and @fastify/websocket.';

export const text: Text<Details> = {
  summary:
    'HTTP requests reach the Socket.IO server, but WebSocket connections do not: a reverse proxy, load balancer, firewall or platform in between does not forward them. With the default transports, the connection works over HTTP long-polling, which is slower and makes more requests; a client that uses only WebSocket cannot connect.',
  remedy: ({ how, status }) =>
    how === 'swallowed'
      ? 'The handshake passes, but frames do not: something in between answers the upgrade without relaying what follows. Look for antivirus software, a debugging proxy or a CDN feature that inspects traffic, and try TLS (wss), which most of them leave alone.'
      : [
          // Proxies that do not forward an upgrade send it as HTTP to a path that exists.
          ...(status === 404 ? [OTHER_HANDLER] : []),
          'Make every proxy between client and server forward the `Upgrade` and `Connection` headers over HTTP/1.1 (Apache httpd needs mod_proxy_wstunnel and a rule to `ws://` that keeps path and query), or enable WebSocket where there is a switch for it (Cloudflare, Azure App Service, "Websockets Support" in Nginx Proxy Manager, the custom headers of a Synology reverse proxy, an Application instead of a Classic Load Balancer in AWS). A development server\'s proxy (Vite, webpack) needs `ws: true` in its rule. iisnode needs `<webSocket enabled="false" />` in web.config, so that IIS leaves the upgrade to Node; with Application Request Routing, IIS cuts compressed WebSockets, so the server behind it must not offer compression (`perMessageDeflate: false`, in uvicorn `--ws-per-message-deflate false`). A Python server needs a WebSocket package: `websockets` with uvicorn, `simple-websocket` with threads, `gevent-websocket` with gevent.',
          ...(status === 404 ? [] : [OTHER_HANDLER]),
          'If it fails only for some users, their cookies may be longer than the server accepts in an upgrade request. If it fails only in Safari and on iOS, the certificate may be one that the user had to accept manually, which does not apply to WebSocket there. Nothing needs to change in the client.',
        ].join(' '),
  snippet: () =>
    'location /socket.io/ {\n  proxy_http_version 1.1;\n  proxy_set_header Upgrade $http_upgrade;\n  proxy_set_header Connection "upgrade";\n  proxy_pass http://127.0.0.1:3000;\n}',
  see: [
    {
      title: 'A proxy in front of your servers does not accept the WebSocket connection',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#a-proxy-in-front-of-your-servers-does-not-accept-the-websocket-connection',
    },
    { title: 'Behind a reverse proxy', url: 'https://socket.io/docs/v4/reverse-proxy/' },
  ],
};
