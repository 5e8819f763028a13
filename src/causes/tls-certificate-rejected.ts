import { evidence } from '../diagnosis/evidence.js';
import { httpAnswer } from '../diagnosis/http-answer.js';
import { isOwnFailure } from '../diagnosis/is-own-failure.js';
import { mixedContent } from '../diagnosis/mixed-content.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly reason: Reason;
  readonly code?: string;
}

/** `client-certificate`: the server requires a client certificate, or rejects the one that it got. */
export type Reason =
  | 'self-signed'
  | 'unknown-ca'
  | 'chain-incomplete'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-host'
  | 'client-certificate'
  | 'unknown';

/** Alerts that the server sends (RFC 8446, section 6.2), as OpenSSL names them: they are about what the client presented. */
const CLIENT_CERTIFICATE = /^ERR_SSL_\w*ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA)$/;
/** Up to TLS 1.2, servers that miss the client certificate send the alert for any failure to agree (RFC 5246, section 7.4.6). */
const HANDSHAKE_FAILURE = /^ERR_SSL_\w*ALERT_HANDSHAKE_FAILURE$/;

/** Codes of Node's TLS (OpenSSL X509_V_ERR_*, and Node's own for the host name), and the reasons reported by React Native. */
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
  // Issued for clients, or signed by a certificate that may not sign others.
  INVALID_PURPOSE: 'unknown',
  INVALID_CA: 'unknown',
  PATH_LENGTH_EXCEEDED: 'unknown',
  // Node's code for anything that it has no name for, such as a SHA-1 signature (src/crypto/crypto_common.cc, X509ErrorCode).
  UNSPECIFIED: 'unknown',
  // Android reports the same for a self-signed certificate, an unknown issuer and a missing intermediate certificate.
  'tls-untrusted': 'unknown',
  'tls-expired': 'expired',
  'tls-wrong-host': 'wrong-host',
  'tls-failed': 'unknown',
};

export const rule: Rule<'tls-certificate-rejected', Details> = {
  code: 'tls-certificate-rejected',
  title: 'A TLS certificate is rejected or missing',
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
        // Without TLS, it is a server behind the proxy that expects a certificate from the proxy.
        certainty: facts.target.secure ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details: { reason: 'client-certificate' },
        evidence: [
          evidence(
            `The response had status ${answer.status} and asked for a certificate from the client.`,
            answer.signal,
          ),
        ],
      };
    }
    // Under `upgrade-insecure-requests` a page that may not use http uses https.
    if (!facts.target.secure && mixedContent(facts) !== 'certain') return undefined;
    // nginx rejects an upgrade with the same message, which the client does not read.
    if (answer?.isOfUpgrade && answer.status === 400 && !facts.probe('http-handshake')) {
      return {
        certainty: 'suspected',
        details: { reason: 'client-certificate' },
        evidence: [evidence('The message of the rejected upgrade is unknown.', answer.signal)],
      };
    }
    const told = failure.error.platform;
    if (told) {
      const reason = REASONS[told];
      return (
        reason && {
          // It need not have been the certificate that failed in the handshake.
          certainty: told === 'tls-failed' ? 'suspected' : 'confirmed',
          likelihood: 'likely',
          details: { reason },
          evidence: [evidence('The platform reported that it does not trust the server.', failure.signal)],
        }
      );
    }
    if (facts.runtime.kind === 'node') {
      const probe = facts.probe('http-handshake');
      const code = failure.error.code ?? (probe?.http?.result === 'failed' ? probe.http.code : undefined);
      const reason = code === undefined ? undefined : reasonOf(code);
      // Node servers hang up after the TLS 1.3 handshake on a client whose certificate they do not trust.
      const isHungUp = code === 'ECONNRESET' && facts.options.hasCertificate === true;
      if (isHungUp && probe?.answer !== 'yes') {
        return {
          certainty: 'suspected',
          likelihood: 'likely',
          details: { reason: 'client-certificate', code },
          evidence: [
            evidence('The server hung up on a client that presented a certificate of its own.', failure.signal),
          ],
        };
      }
      if (code === undefined || reason === undefined) return undefined;
      return {
        // Polling follows redirects: the server that is not trusted may be where one leads.
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
    // A page is not told: an untrusted certificate and an unavailable server look alike to it.
    const reachable = facts.probe('http-reachable');
    const websocket = facts.probe('websocket-handshake');
    if (facts.probe('http-root')?.answer === 'yes') return undefined;
    if (!failure.blind || reachable?.answer === 'yes' || reachable?.http?.result === 'timeout') return undefined;
    const swapped = facts.probe('swapped-scheme');
    if (swapped?.answer === 'yes') return undefined;
    // 1015 is what Firefox reports for a failed TLS handshake, and only for the WebSocket that failed: for certificates and for a response
    // in plain text, while a refusal, a reset and other protocols give 1006 or nothing (Firefox 153).
    const isTls = websocket?.websocket?.closeCode === 1015;
    if (websocket && websocket.websocket?.result !== 'rejected') return undefined;
    return {
      certainty: isTls && reachable?.answer === 'no' && swapped?.answer === 'no' ? 'confirmed' : 'suspected',
      // As a class: a server without TLS whose plain responses are hidden from the page fails in the same way.
      asClass: true,
      likelihood: isTls ? 'likely' : 'possible',
      details: { reason: 'unknown' },
      evidence: [evidence('There was no usable response over TLS.', reachable ?? failure.signal)],
    };
  },
};

function reasonOf(code: string): Reason | undefined {
  if (CLIENT_CERTIFICATE.test(code) || HANDSHAKE_FAILURE.test(code)) return 'client-certificate';
  return REASONS[code] ?? (/CERT|SIGNATURE/.test(code) ? 'unknown' : undefined);
}

export const text: Text<Details> = {
  summary:
    "The TLS handshake failed because the server's certificate is not accepted: it is self-signed, issued by an authority that this client does not know, expired or not yet valid, issued for another purpose or another host name, or sent without its intermediate certificate. Or the server requires a client certificate.",
  remedy: ({ reason }) =>
    ({
      'self-signed':
        'Use a certificate from a public authority, or pass the certificate to trust to the client with the `ca` option (Node). During development, `rejectUnauthorized: false` lets a Node client connect without verification; browsers and phones must be configured to trust the certificate.',
      'unknown-ca':
        'Pass the certificate of your authority to the client with the `ca` option or NODE_EXTRA_CA_CERTS (Node), or install it on the device. Corporate proxies, VPNs and antivirus programs that inspect TLS sign with an authority of their own.',
      'chain-incomplete':
        'Make the server send the full chain: its own certificate followed by the intermediate one. Browsers often have it cached; other clients do not.',
      expired: "Renew the server's certificate, and check the client's clock.",
      'not-yet-valid':
        'Set the clock of the client, or of the machine that created the certificate: its validity starts in the future.',
      'wrong-host': 'Use the host name that the certificate was issued for, or get a certificate for this name.',
      'client-certificate':
        'Here it is the other way around: the server requires a client certificate (mutual TLS) and got none, or one that it does not accept. Pass `cert` and `key`, issued by an authority that the server trusts, to the client, or exempt the Socket.IO path from that requirement.',
      unknown:
        'Open the URL in a browser tab: the browser names the problem with the certificate. Pages and sockets get no such message.',
    })[reason] ?? 'Check the certificate of the server.',
  snippet: () => "io(url, { ca: readFileSync('./cert.pem') }); // Node",
  see: [
    {
      title: 'With a self-signed certificate',
      url: 'https://socket.io/how-to/use-with-react-native#with-a-self-signed-certificate',
    },
  ],
};
