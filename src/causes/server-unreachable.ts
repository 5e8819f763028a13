import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { cutAfterMs, DESTROYED_AFTER_MS, fingerprint } from '../diagnosis/fingerprint.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import { isHeldBack } from '../diagnosis/is-held-back.js';
import { isOwnFailure } from '../diagnosis/is-own-failure.js';
import { isPage } from '../diagnosis/is-page.js';
import { isPlainText } from '../diagnosis/is-plain-text.js';
import { mayBeServiceWorker } from '../diagnosis/may-be-service-worker.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { PlatformReason } from '../signals/error-facts.js';

export interface Details {
  /** How far the client got; absent if the browser hides it. */
  readonly stage?: Stage;
  readonly code?: string;
}

type Stage = 'dns' | 'refused' | 'reset' | 'no-route' | 'connect-timeout' | 'tls' | 'not-http' | 'http2-only';

/** System error codes of Node (errno), and the reasons reported by React Native's platforms. */
const STAGES: Readonly<Record<string, Stage>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EAFNOSUPPORT: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
  // Link-local IPv6 without its interface.
  EINVAL: 'no-route',
  // The client's own system forbids it: Windows uses the first for its firewall, Linux either for a rule or a sandbox.
  EACCES: 'no-route',
  EPERM: 'no-route',
  ETIMEDOUT: 'connect-timeout',
  dns: 'dns',
  refused: 'refused',
  reset: 'reset',
  'no-route': 'no-route',
  'connect-timeout': 'connect-timeout',
  'not-http': 'not-http',
};

export const rule: Rule<'server-unreachable', Details> = {
  code: 'server-unreachable',
  title: 'No usable server responds at this address',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'http-root', 'swapped-scheme'],
  yieldsTo: [
    'url-malformed',
    'network-offline',
    'server-went-down',
    'csp-blocked',
    'mixed-content-blocked',
    'browser-port-blocked',
    'localhost-from-elsewhere',
  ],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake) return undefined;
    if (failure.error.platform) return matchPlatform(facts, failure.error.platform);
    const behindWorker = matchBehindServiceWorker(facts);
    if (behindWorker) return behindWorker;
    if (facts.runtime.kind !== 'node')
      return matchNotHttp(facts) ?? (failure.timedOut ? undefined : matchBrowser(facts));
    return failure.timedOut ? undefined : matchNode(facts);
  },
};

/** Service workers respond with 503 or 504 for a server that they cannot reach. */
function matchBehindServiceWorker(facts: Facts): Verdict<Details> | undefined {
  const { error, transport, signal } = facts.connecting ?? {};
  const isTold = error?.status === 503 || error?.status === 504;
  if (!signal || !isTold || !mayBeServiceWorker(facts, transport)) return undefined;
  const websocket = facts.probe('websocket-handshake');
  if (websocket?.answer === 'yes' || facts.probe('http-handshake')?.http?.proxy !== undefined) return undefined;
  return {
    certainty: 'suspected',
    details: {},
    evidence: [evidence(`${error.status} may be how the page's service worker reports no response.`, signal)],
  };
}

function matchNode(facts: Facts): Verdict<Details> | undefined {
  const { error, signal, transport } = facts.connecting ?? {};
  const asked = facts.probe('http-handshake');
  // What failed is not this server but one that a followed redirect led to; or the proxy of an agent, if it fails without redirects being
  // followed.
  const isElsewhere = error?.dialled === 'elsewhere';
  if (!error || !signal || (isElsewhere && asked && asked.http?.code !== error.code)) return undefined;
  const answer = httpAnswer(facts);
  if (answer?.body?.is === 'http2-only') {
    return {
      certainty: 'confirmed',
      details: { stage: 'http2-only' },
      evidence: [evidence('The server responded that it speaks only HTTP/2.', answer.signal)],
    };
  }
  const result = asked?.http?.result;
  const code = error.code ?? asked?.http?.code;
  if (!code) {
    // Clients before 4.5 report no code: asking again does. 403 without a body that could be read may come from a server that speaks only
    // HTTP/2.
    const isUnread = error.status === 403 && facts.target.secure && answer?.body === undefined;
    const isUntold = !error.status || error.status === 503 || isUnread;
    const isOpen = isUntold && (asked === undefined || result === 'failed');
    return isOpen
      ? { certainty: 'suspected', details: {}, evidence: [evidence('No response could be read.', signal)] }
      : undefined;
  }
  const stage = stageOf(code);
  if (!stage) return undefined;
  // A WebSocket handshake that was cut says nothing about HTTP at the same address.
  if (asked && result !== 'failed') {
    if (transport !== 'polling' || asked.answer !== 'yes') return undefined;
    return {
      certainty: 'suspected',
      details: { stage, code },
      evidence: [
        evidence(`The connection failed with ${code}.`, signal),
        evidence('Asked again, the server responded: it was unreachable for a moment.', asked),
      ],
    };
  }
  const found = {
    details: { stage, code },
    evidence: [
      evidence(`The connection failed with ${code}.`, error.code ? signal : (asked ?? signal)),
      ...(isElsewhere
        ? [
            evidence(
              'The client dialed a different address than the one in the URL, as an agent for a proxy does.',
              signal,
            ),
          ]
        : []),
    ],
  };
  if (stage !== 'reset' && stage !== 'not-http') {
    return {
      certainty:
        isOwnFailure({ error, transport }, code, asked) && !isElsewhere && code !== NO_REASON
          ? 'confirmed'
          : 'suspected',
      // As a class: if the two cannot agree, the server may have expected a client certificate.
      ...(stage === 'tls' && { asClass: true as const }),
      likelihood: 'likely',
      ...found,
    };
  }
  // A server that speaks TLS, or does not, hangs up in the same way.
  const swapped = facts.probe('swapped-scheme');
  // And a server that opens a WebSocket exists, whatever it does with other requests.
  const isThere = asked !== undefined && facts.probe('websocket-handshake')?.answer === 'yes';
  if (swapped?.answer === 'yes' || isThere) return undefined;
  // So does one that does not trust the client's certificate.
  const isCertificateShown = facts.target.secure && facts.options.hasCertificate === true && stage === 'reset';
  const isToldNoTls = error.code !== undefined && isPlainText(error.code);
  return {
    certainty:
      swapped?.answer === 'no' && (asked || isToldNoTls) && !isCertificateShown && !isElsewhere
        ? 'confirmed'
        : 'suspected',
    ...(isToldNoTls && { ask: ['swapped-scheme'] }),
    likelihood: 'likely',
    ...found,
  };
}

/** OpenSSL aborted without a reason that can be read. */
const NO_REASON = 'EPROTO';
/** About a certificate, which is a cause of its own. */
const OF_CERTIFICATE = /CERT|SIGNATURE|UNKNOWN_CA/;
/** About the app's own list of ciphers, none of which OpenSSL knows: nothing was sent. */
const NO_CIPHER = 'ERR_SSL_NO_CIPHER_MATCH';

/** What Node's parser reports for a first line that is not HTTP (llhttp 8 and 9); errors in what follows have other codes. */
const FIRST_LINE = /^HPE_(INVALID_(CONSTANT|VERSION|STATUS|METHOD)|STRICT|CR_EXPECTED|PAUSED_H2_UPGRADE)$/;

function stageOf(code: string): Stage | undefined {
  if (isPlainText(code)) return 'not-http';
  if (code === NO_REASON || (code.startsWith('ERR_SSL_') && code !== NO_CIPHER && !OF_CERTIFICATE.test(code)))
    return 'tls';
  return STAGES[code] ?? (FIRST_LINE.test(code) ? 'not-http' : undefined);
}

/** RFC 9110, section 15: a status has three digits and begins with 1 to 5. Chromium accepts any number. */
const NO_STATUS = 600;

/**
 * A server that sends a greeting unprompted and does not speak HTTP (SSH, SMTP, …): Chromium reports that nothing came, Firefox takes it
 * for an HTTP/0.9 response, which has no headers, and WebKit keeps waiting for the rest (Firefox 153, WebKitGTK 2.50).
 */
function matchNotHttp(facts: Facts): Verdict<Details> | undefined {
  const { engine } = facts.runtime;
  const { connecting: failure, target, all } = facts;
  if ((failure?.error.status ?? 0) >= NO_STATUS && failure) {
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: { stage: 'not-http' },
      evidence: [
        evidence(`The response had status ${failure.error.status}, which does not exist in HTTP.`, failure.signal),
      ],
    };
  }
  const readable = facts.probe('http-handshake')?.http?.result;
  if (!failure?.blind || target.secure || readable === 'answered' || readable === 'redirected') return undefined;
  const http = facts.probe('http-reachable');
  const websocket = facts.probe('websocket-handshake')?.websocket?.result;
  // A first line that is almost HTTP is a response to all of them; a server that sends one neither starts to speak Engine.IO nor stops.
  const isOther = fingerprint(facts) !== 'yes' && all('handshake').length === 0;
  const isTaken = http?.http?.result === 'opaque' && websocket === 'rejected' && isOther;
  const isAwaited =
    engine === 'webkit' &&
    failure.timedOut &&
    (http === undefined || http.http?.result === 'timeout') &&
    websocket !== 'silent';
  if (!isTaken && !isAwaited) return undefined;
  return {
    certainty: 'suspected',
    ask: ['websocket-handshake', 'http-reachable', 'http-handshake'],
    details: {},
    evidence: [evidence('This browser cannot tell something that is not HTTP from HTTP.', http ?? failure.signal)],
  };
}

/** React Native passes on what its platform reports. */
function matchPlatform({ connecting }: Facts, reason: PlatformReason): Verdict<Details> | undefined {
  const stage = STAGES[reason];
  return (
    connecting &&
    stage && {
      // Servers that speak TLS, or do not, hang up as well.
      certainty: stage === 'reset' || stage === 'not-http' ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      details: { stage },
      evidence: [evidence(`The platform reported why the request failed: ${stage}.`, connecting.signal)],
    }
  );
}

function matchBrowser(facts: Facts): Verdict<Details> | undefined {
  const failure = facts.connecting;
  if (!failure?.blind) return undefined;
  // A WebSocket that opened before it was closed had reached something.
  if (failure.signal.kind === 'engine-closed' && failure.signal.reason === 'transport close') return undefined;
  const websocket = facts.probe('websocket-handshake');
  const http = facts.probe('http-reachable');
  const swapped = facts.probe('swapped-scheme');
  const root = facts.probe('http-root');
  // Only this path is affected: the origin itself responds. Asked before the swapped scheme, without which nothing is settled.
  if (root?.answer === 'yes') return undefined;
  if (http?.answer === 'yes' || http?.http?.result === 'timeout' || swapped?.answer === 'yes') return undefined;
  if (websocket && websocket.websocket?.result !== 'rejected') return undefined;
  // Engine.IO under another path takes a second to cut a WebSocket; HTTP that fails at once next to it only hides its response.
  const cutMs = cutAfterMs(websocket);
  if (http && cutMs >= DESTROYED_AFTER_MS && http.durationMs < cutMs / 2) return undefined;
  if (http?.answer !== 'no' || websocket?.answer !== 'no') {
    return {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('The browser gave no reason for the failure.', failure.signal)],
    };
  }
  // A phone may have blocked the request without TLS, which its WebSocket does not report.
  const isExcluded =
    isPage(facts) && !isHeldBack(facts) && !facts.target.secure && facts.runtime.pageScheme !== 'https:';
  return {
    // As a class: a policy on the response (Cross-Origin-Resource-Policy) or a redirect to nowhere makes a running server look like this.
    certainty: isExcluded && swapped !== undefined ? 'confirmed' : 'suspected',
    asClass: true,
    likelihood: 'likely',
    details: {},
    evidence: [
      evidence('A request that only asks whether anything responds failed.', http),
      evidence('A WebSocket to the same address failed before it opened.', websocket),
    ],
  };
}

const FORBIDDEN =
  "The client's own system did not let it connect: look for a firewall, antivirus software, a VPN or a sandbox that keeps this program from the network or from this address.";
const OPEN_IT =
  'Open the URL with curl from the same network. A response that starts with 0{"sid" means that the server is fine; no response means that the server, its port mapping or a firewall is not. In a container, the server must listen on 0.0.0.0: if it listens on 127.0.0.1, a mapped port accepts connections and drops them. Cloudflare and other CDNs forward only certain ports. In a mobile app (Capacitor, Ionic, Cordova), `localhost` is the phone. A link-local IPv6 address (fe80::…) needs a network interface, which a URL cannot specify: use another address.';
const REMEDIES: Readonly<Partial<Record<Stage, string>>> = {
  dns: 'The host name does not resolve. Check its spelling in the URL, the DNS record, and whether the client is on the network that knows the name: the name of a container or of a Docker Compose or Kubernetes service is known only inside, and a page runs outside. A host such as `undefined` or `null` comes from a variable without a value, often an environment variable that the build does not insert.',
  refused:
    "The host is up, but nothing listens on that port. Start the server, then check the port in the URL, the address that the server listens on (0.0.0.0, not 127.0.0.1, to be reachable from other machines; `localhost` may resolve to ::1, where a server on 127.0.0.1 does not listen), and its container's port mapping.",
  'not-http': 'Something listens on that port, but it does not speak HTTP. Check the port in the URL.',
  'http2-only':
    'The server speaks only HTTP/2, but Socket.IO clients in Node speak HTTP/1.1: create the server with `createSecureServer({ allowHTTP1: true, … })`, which browsers need for WebSocket, too.',
  tls: 'The server responded, but the TLS handshake was aborted before any certificate was checked: the two sides have no TLS version or cipher in common (an old runtime on one side), the server has no site under this host name, or it requires a client certificate (`cert` and `key` in Node). `openssl s_client -connect host:port -servername host` shows what it offers.',
};

export const text: Text<Details> = {
  summary:
    'No usable server could be reached at this address: the host name does not resolve, nothing listens on the port, something in between rejects the connection, or whatever listens there does not speak HTTP. Browsers do not tell pages which of these it is.',
  remedy: ({ stage, code }) =>
    (stage === 'no-route' && (code === 'EACCES' || code === 'EPERM') ? FORBIDDEN : stage && REMEDIES[stage]) ?? OPEN_IT,
  snippet: () => 'curl "https://your-server.example/socket.io/?EIO=4&transport=polling"',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
  ],
};
