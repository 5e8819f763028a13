import { evidence } from '../diagnosis/evidence.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import { isOwnFailure } from '../diagnosis/is-own-failure.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly reason: Reason;
  readonly code?: string;
}

/** `client-certificate`: the server wants a certificate of the client, or refuses the one that it got. */
export type Reason =
  | 'self-signed'
  | 'unknown-ca'
  | 'chain-incomplete'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-host'
  | 'client-certificate'
  | 'unknown';

/** Alerts that the server sends (RFC 8446, section 6.2), in the words of OpenSSL: they are about what the client showed. */
const CLIENT_CERTIFICATE = /^ERR_SSL_\w*ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA)$/;
/** Up to TLS 1.2 servers that miss the client's certificate send the alert for whatever they cannot agree on (RFC 5246, section 7.4.6). */
const HANDSHAKE_FAILURE = /^ERR_SSL_\w*ALERT_HANDSHAKE_FAILURE$/;

/** Codes of Node's TLS (OpenSSL X509_V_ERR_*, and Node's own for the host name), and the reasons that React Native tells. */
const REASONS: Readonly<Record<string, Reason>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-ca',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'chain-incomplete',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-host',
  HOSTNAME_MISMATCH: 'wrong-host',
  // Made for clients, or signed by a certificate that may sign none.
  INVALID_PURPOSE: 'unknown',
  INVALID_CA: 'unknown',
  PATH_LENGTH_EXCEEDED: 'unknown',
  // Node's word for what it has no name for, such as a signature by SHA-1 (src/crypto/crypto_common.cc, X509ErrorCode).
  UNSPECIFIED: 'unknown',
  // Android says the same of a self-signed certificate, of an unknown issuer and of a missing intermediate one.
  'tls-untrusted': 'unknown',
  'tls-expired': 'expired',
  'tls-wrong-host': 'wrong-host',
  'tls-failed': 'unknown',
};

export const rule: Rule<'tls-certificate-rejected', Details> = {
  code: 'tls-certificate-rejected',
  title: 'The certificate of the server was rejected',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v3/troubleshooting-connection-issues/',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake', 'swapped-scheme'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake || failure.timedOut) return undefined;
    const answer = httpAnswer(facts);
    if (answer?.body?.is === 'certificate-wanted') {
      return {
        // Without TLS it is a server behind that misses a certificate of the one in front.
        certainty: facts.target.secure ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { reason: 'client-certificate' },
        evidence: [
          evidence(
            `The answer was ${answer.status} and said that a certificate of the client was missing.`,
            answer.signal,
          ),
        ],
      };
    }
    if (!facts.target.secure) return undefined;
    // nginx refuses an upgrade in the same words, which the client does not read.
    if (answer?.isOfUpgrade && answer.status === 400 && !facts.probe('http-handshake')) {
      return {
        certainty: 'suspected',
        details: { reason: 'client-certificate' },
        evidence: [evidence('What the refusal of the upgrade said is not known.', answer.signal)],
      };
    }
    const told = failure.error.platform;
    if (told) {
      const reason = REASONS[told];
      return (
        reason && {
          // What failed in the handshake need not have been the certificate.
          certainty: told === 'tls-failed' ? 'suspected' : 'confirmed',
          likelihood: 'likely',
          details: { reason },
          evidence: [evidence('The platform told that it does not trust the server.', failure.signal)],
        }
      );
    }
    if (facts.runtime.kind === 'node') {
      const probe = facts.probe('http-handshake');
      const code = failure.error.code ?? (probe?.http?.result === 'failed' ? probe.http.code : undefined);
      const reason = code === undefined ? undefined : reasonOf(code);
      // Servers of Node hang up behind the handshake of TLS 1.3 on who shows a certificate that they do not trust.
      const isHungUp = code === 'ECONNRESET' && facts.options.hasCertificate === true;
      if (isHungUp && probe?.answer !== 'yes') {
        return {
          certainty: 'suspected',
          likelihood: 'likely',
          details: { reason: 'client-certificate', code },
          evidence: [evidence('The server hung up on a client that shows a certificate of its own.', failure.signal)],
        };
      }
      if (code === undefined || reason === undefined) return undefined;
      return {
        // Polling follows redirects: what is not trusted may be where one leads.
        certainty: HANDSHAKE_FAILURE.test(code) || !isOwnFailure(failure, code, probe) ? 'suspected' : 'confirmed',
        likelihood: 'likely',
        ask: ['http-handshake'],
        details: { reason, code },
        evidence: [
          evidence(
            `The TLS handshake failed with ${code}.`,
            failure.error.code ? failure.signal : (probe ?? failure.signal),
          ),
        ],
      };
    }
    // A page is not told: an untrusted certificate and a server that is away look alike to it.
    const reachable = facts.probe('http-reachable');
    const websocket = facts.probe('websocket-handshake');
    if (facts.probe('http-root')?.answer === 'yes') return undefined;
    if (!failure.blind || reachable?.answer === 'yes' || reachable?.http?.result === 'timeout') return undefined;
    const swapped = facts.probe('swapped-scheme');
    if (swapped?.answer === 'yes') return undefined;
    // 1015 is what Firefox says of a failed TLS handshake, and only to the WebSocket that failed: of certificates and of an answer in plain
    // text, while a refusal, a reset and other protocols give 1006 or nothing (Firefox 153).
    const isTls = websocket?.websocket?.closeCode === 1015;
    if (websocket && websocket.websocket?.result !== 'rejected') return undefined;
    return {
      certainty: isTls && reachable?.answer === 'no' && swapped?.answer === 'no' ? 'confirmed' : 'suspected',
      // As a class: a server without TLS whose plain answers are hidden from the page fails in the same way.
      asClass: true,
      likelihood: isTls ? 'likely' : 'possible',
      details: { reason: 'unknown' },
      evidence: [evidence('Nothing usable answered over TLS.', reachable ?? failure.signal)],
    };
  },
};

function reasonOf(code: string): Reason | undefined {
  if (CLIENT_CERTIFICATE.test(code) || HANDSHAKE_FAILURE.test(code)) return 'client-certificate';
  return REASONS[code] ?? (/CERT|SIGNATURE/.test(code) ? 'unknown' : undefined);
}

export const text: Text<Details> = {
  summary:
    'The TLS handshake failed because the certificate of the server is not accepted: it is self-signed, issued by an authority that this client does not know, expired or not valid yet, made for another purpose, made out for another host name, or sent without its intermediate certificate.',
  remedy: ({ reason }) =>
    ({
      'self-signed':
        'Use a certificate of a public authority, or give the client the certificate to trust with the `ca` option (Node). While developing, `rejectUnauthorized: false` lets a Node client in without a check; a browser or phone must be told to trust the certificate.',
      'unknown-ca':
        'Give the client the certificate of your authority with the `ca` option or NODE_EXTRA_CA_CERTS (Node), or install it on the device. Company proxies, VPNs and antivirus programs that read TLS sign with an authority of their own.',
      'chain-incomplete':
        'Let the server send the full chain: its own certificate followed by the intermediate one. Browsers often have it cached, other clients do not.',
      expired: 'Renew the certificate of the server, and check the clock of the client.',
      'not-yet-valid':
        'Set the clock of the client, or of the machine that made the certificate: it begins in the future.',
      'wrong-host': 'Use the host name for which the certificate was made out, or have one made for this name.',
      'client-certificate':
        'It is the other way round here: the server wants a certificate of the client (mutual TLS) and got none, or one that it does not accept. Give the client `cert` and `key`, issued by the authority that the server trusts, or exempt the path of Socket.IO from that demand.',
      unknown:
        'Open the address in a browser tab: it names the problem with the certificate. Pages and sockets get no such message.',
    })[reason] ?? 'Check the certificate of the server.',
  snippet: () => "io(url, { ca: readFileSync('./cert.pem') }); // Node",
  see: [
    {
      title: 'With a self-signed certificate',
      url: 'https://socket.io/how-to/use-with-react-native#with-a-self-signed-certificate',
    },
  ],
};
