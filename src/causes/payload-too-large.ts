import { evidence } from '../diagnosis/evidence.js';
import type { Closing, Facts } from '../diagnosis/facts.js';
import { isLargeUnsent, SMALL_LIMIT_BYTES } from '../diagnosis/is-large-unsent.js';
import { isSendError } from '../diagnosis/is-send-error.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { websocketEnd } from '../diagnosis/websocket-end.js';

export interface Details {
  /** What was still to be sent, in bytes. */
  readonly sizeBytes?: number;
  /** The server's `maxHttpBufferSize`, in bytes; absent before Socket.IO 4.5. */
  readonly limitBytes?: number;
  /** `client`: it came from the server, and the WebSocket of a Node client takes no more than its `maxPayload`. */
  readonly by: 'server' | 'proxy' | 'client' | 'unknown';
  /** It was the packet that connects, whose only contents are the `auth` of the client. */
  readonly isConnect?: true;
}

/** ws 7.5 and later ("Max payload size exceeded"); the limit of a client is 100 MiB unless told otherwise. */
const TOO_LARGE_TO_RECEIVE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

export const rule: Rule<'payload-too-large', Details> = {
  code: 'payload-too-large',
  title: 'A message is larger than the server accepts',
  phase: 'session',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#you-are-trying-to-send-a-huge-payload',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const { closing, client } = facts;
    if (!closing) return refusedConnect(facts);
    const sizeBytes = closing.signal.unsentBytes;
    const limitBytes = closing.handshake?.maxPayloadBytes;
    const sizes = { ...(sizeBytes !== undefined && { sizeBytes }), ...(limitBytes !== undefined && { limitBytes }) };
    const { signal, error } = closing;
    if (closing.closeCode === 1009) {
      return {
        certainty: 'confirmed',
        details: { ...sizes, by: 'server' },
        evidence: [evidence('The WebSocket was closed with code 1009, message too big.', signal)],
      };
    }
    if (closing.hadConnected && error?.code === TOO_LARGE_TO_RECEIVE) {
      return {
        certainty: 'confirmed',
        details: { by: 'client' },
        evidence: [evidence('The WebSocket of the client ended at a message above its own limit.', signal)],
      };
    }
    if (error?.status === 413) {
      // engine.io ends the request with an empty body, proxies send a page of their own.
      const by = error.body === undefined ? 'unknown' : error.body.is === 'empty' ? 'server' : 'proxy';
      return {
        certainty: 'confirmed',
        details: { ...sizes, by },
        evidence: [evidence('A request was answered with 413, payload too large.', signal)],
      };
    }
    const isLarge = isLargeUnsent(closing);
    // A proxy that stops to read the body of a request may have other words for it: Caddy 2.6 answers 502.
    const isOtherAnswer = Boolean(error?.status) && !(isLarge && (error?.status ?? 0) >= 500);
    if (isOtherAnswer || closing.reason === 'ping timeout') return undefined;
    const isPost = isSendError(error?.message);
    if (sizeBytes === undefined && !isPost) return isOldServerClose(closing, client) ? unseen(closing) : undefined;
    // Limits below the defaults are rare, and they exist.
    if (!isPost && (sizeBytes ?? 0) < SMALL_LIMIT_BYTES) return undefined;
    return {
      certainty: 'suspected',
      likelihood: isLarge ? 'likely' : 'possible',
      details: { ...sizes, by: 'unknown' },
      evidence: [
        evidence(
          sizeBytes === undefined
            ? 'A request that sent data ended it, and large messages are what servers and proxies limit.'
            : `${sizeBytes} bytes were being sent when it ended, and large messages are what servers and proxies limit.`,
          signal,
        ),
      ],
    };
  },
};

/** The lowest limit that anybody sets, such as `client_max_body_size 1k`. */
const SMALLEST_LIMIT_BYTES = 1_000;

/** The first message of a session is the client's CONNECT packet, which carries `auth`: nothing else can have been too large there. */
function refusedConnect({ connecting, unanswered, all, probe }: Facts): Verdict<Details> | undefined {
  const attempt = connecting?.handshake ? connecting.signal.attempt : unanswered?.signal.attempt;
  const handshake = all('handshake').find((one) => one.attempt === attempt);
  const ended = all('engine-closed').find((one) => one.attempt === attempt);
  if (!handshake || !ended) return undefined;
  const isRefused = connecting?.error.status === 413;
  // A proxy's own answer is hidden from a page of another origin.
  const isHidden = connecting?.blind === true && isSendError(connecting.error.message);
  const sizeBytes = ended.unsentBytes ?? 0;
  // A POST of the SDK, which is small, was answered well: what is in this one is refused, or how much.
  const isOther = probe('session')?.answer === 'yes' && sizeBytes >= SMALLEST_LIMIT_BYTES;
  if (isHidden && (isOther || sizeBytes >= SMALL_LIMIT_BYTES)) {
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: { sizeBytes, by: 'unknown', isConnect: true },
      evidence: [
        evidence(
          `The first request of the session that sent data, ${sizeBytes} bytes, failed: what connects is that large.`,
          ended,
        ),
      ],
    };
  }
  const { closeCode } = websocketEnd(all('websocket-closed'), ended);
  if (!isRefused && closeCode !== 1009) return undefined;
  const { maxPayloadBytes: limitBytes } = handshake;
  const isProxy = isRefused && connecting.error.body !== undefined && connecting.error.body.is !== 'empty';
  return {
    certainty: 'confirmed',
    details: {
      ...(ended.unsentBytes !== undefined && { sizeBytes: ended.unsentBytes }),
      ...(limitBytes !== undefined && { limitBytes }),
      by: isProxy ? 'proxy' : isRefused && connecting.error.body === undefined ? 'unknown' : 'server',
      isConnect: true,
    },
    evidence: [
      evidence(
        isRefused
          ? 'The first request of the session that sent data was answered with 413, payload too large.'
          : 'The WebSocket was closed with code 1009, message too big, before the namespace was connected.',
        ended,
      ),
    ],
  };
}

/**
 * How servers that tell no maxPayload end a WebSocket under a message that is too big: Socket.IO 1.x to 4.4 without a closing
 * handshake, python-engineio 4.3 with code 1000 under aiohttp and without a code under eventlet. Up to 2.x the limit is 100 MB unless somebody
 * has lowered it.
 */
function isOldServerClose({ closeCode, transport, handshake }: Closing, { protocol }: Facts['client']): boolean {
  return (
    (closeCode === 1006 || (protocol === 4 && (closeCode === 1000 || closeCode === 1005))) &&
    transport === 'websocket' &&
    handshake?.maxPayloadBytes === undefined
  );
}

function unseen({ signal }: Closing): Verdict<Details> {
  return {
    certainty: 'suspected',
    details: { by: 'unknown' },
    evidence: [
      evidence('The WebSocket was closed, which is also how this server answers a message that is too big.', signal),
    ],
  };
}

export const text: Text<Details> = {
  summary:
    'A message exceeded the largest size that the server (`maxHttpBufferSize`, 1 MB by default), a proxy in front of it or, in Node, the WebSocket of the client itself (100 MiB) accepts, and the connection was closed for that. Files sent as base64 grow by a third.',
  remedy: ({ by, isConnect }) =>
    isConnect
      ? 'It is the first message of the connection, which carries the `auth` option of the client: the client can never connect with it. Put a token or an id there, and send what is large after connecting, in chunks or over HTTP.'
      : by === 'proxy'
        ? 'The proxy in front refused the request. Raise its body limit, or send large data in chunks or over plain HTTP.'
        : by === 'client'
          ? 'The server sends a message that this Node client does not take: let the server send it in chunks or offer it over HTTP, or raise `maxPayload` in the options of the client.'
          : 'Send large data in chunks or upload it over HTTP, or raise `maxHttpBufferSize` in the server (`max_http_buffer_size` in python-socketio); the handshake field maxPayload shows whether the change took effect.',
  snippet: ({ by, isConnect }) =>
    isConnect
      ? 'io(url, { auth: { token } }); // nothing large'
      : by === 'proxy'
        ? 'client_max_body_size 10m; # nginx'
        : by === 'client'
          ? 'io(url, { maxPayload: 200 * 1024 * 1024 }); // Node'
          : 'const io = new Server(httpServer, { maxHttpBufferSize: 1e7 });',
  see: [
    {
      title: 'You are trying to send a huge payload',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#you-are-trying-to-send-a-huge-payload',
    },
    { title: 'Server option maxHttpBufferSize', url: 'https://socket.io/docs/v4/server-options/#maxhttpbuffersize' },
  ],
};
