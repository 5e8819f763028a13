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
  /** `client`: the message came from the server, and a Node client's WebSocket accepts no more than its `maxPayload`. */
  readonly by: 'server' | 'proxy' | 'client' | 'unknown';
  /** It was the CONNECT packet, whose only content is the client's `auth`. */
  readonly isConnect?: true;
}

/** ws 7.5 and later ("Max payload size exceeded"); a client's limit is 100 MiB by default. */
const TOO_LARGE_TO_RECEIVE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

export const rule: Rule<'payload-too-large', Details> = {
  code: 'payload-too-large',
  title: 'A message exceeds the maximum size',
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
        evidence: [evidence("The client's WebSocket closed on a message above its own limit.", signal)],
      };
    }
    if (error?.status === 413) {
      // engine.io ends the request with an empty body; proxies send a page of their own.
      const by = error.body === undefined ? 'unknown' : error.body.is === 'empty' ? 'server' : 'proxy';
      return {
        certainty: 'confirmed',
        details: { ...sizes, by },
        evidence: [evidence('A request was rejected with 413, payload too large.', signal)],
      };
    }
    const isLarge = isLargeUnsent(closing);
    // A proxy that stops reading the body of a request may respond in another way: Caddy 2.6 sends 502.
    const isOtherAnswer = Boolean(error?.status) && !(isLarge && (error?.status ?? 0) >= 500);
    if (isOtherAnswer || closing.reason === 'ping timeout') return undefined;
    const isPost = isSendError(error?.message);
    if (sizeBytes === undefined && !isPost) return isOldServerClose(closing, client) ? unseen(closing) : undefined;
    // Limits below the defaults are rare, but they exist.
    if (!isPost && (sizeBytes ?? 0) < SMALL_LIMIT_BYTES) return undefined;
    return {
      certainty: 'suspected',
      likelihood: isLarge ? 'likely' : 'possible',
      details: { ...sizes, by: 'unknown' },
      evidence: [
        evidence(
          sizeBytes === undefined
            ? 'The connection ended on a request that sent data, and servers and proxies limit the size of messages.'
            : `${sizeBytes} bytes were being sent when the connection ended, and servers and proxies limit the size of messages.`,
          signal,
        ),
      ],
    };
  },
};

/** The lowest limit that anyone is likely to set, such as `client_max_body_size 1k`. */
const SMALLEST_LIMIT_BYTES = 1_000;

/**
 * The first message of a session is the client's CONNECT packet, which carries `auth`: nothing else can have been too large at that point.
 */
function refusedConnect({ connecting, unanswered, all, probe }: Facts): Verdict<Details> | undefined {
  const attempt = connecting?.handshake ? connecting.signal.attempt : unanswered?.signal.attempt;
  const handshake = all('handshake').find((one) => one.attempt === attempt);
  const ended = all('engine-closed').find((one) => one.attempt === attempt);
  if (!handshake || !ended) return undefined;
  const isRefused = connecting?.error.status === 413;
  // A proxy's own response is hidden from a page of another origin.
  const isHidden = connecting?.blind === true && isSendError(connecting.error.message);
  const sizeBytes = ended.unsentBytes ?? 0;
  // A POST of the SDK, which is small, was accepted: what this one contains is rejected, or how much.
  const isOther = probe('session')?.answer === 'yes' && sizeBytes >= SMALLEST_LIMIT_BYTES;
  if (isHidden && (isOther || sizeBytes >= SMALL_LIMIT_BYTES)) {
    return {
      certainty: 'suspected',
      likelihood: 'likely',
      details: { sizeBytes, by: 'unknown', isConnect: true },
      evidence: [
        evidence(
          `The first request of the session that sent data, ${sizeBytes} bytes, failed: the CONNECT packet is that large.`,
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
          ? 'The first request of the session that sent data was rejected with 413, payload too large.'
          : 'The WebSocket was closed with code 1009, message too big, before the namespace was connected.',
        ended,
      ),
    ],
  };
}

/**
 * How servers that do not announce maxPayload end a WebSocket on a message that is too large: Socket.IO 1.x to 4.4 without a closing
 * handshake, python-engineio 4.3 with code 1000 under aiohttp and without a code under eventlet. Up to 2.x the limit is 100 MB unless it
 * has been lowered.
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
      evidence('The WebSocket was closed, which is also how this server rejects a message that is too large.', signal),
    ],
  };
}

export const text: Text<Details> = {
  summary:
    "A message exceeded the maximum size accepted by the server (`maxHttpBufferSize`, 1 MB by default), by a proxy in front of it or, in Node, by the client's own WebSocket (100 MiB), and the connection was closed. Base64 encoding makes files a third larger.",
  remedy: ({ by, isConnect }) =>
    isConnect
      ? "The message is the first one of the connection, which carries the client's `auth` option, so the client can never connect with it. Put only a token or an id into `auth`, and send large data after connecting, in chunks or over HTTP."
      : by === 'proxy'
        ? 'The proxy in front of the server rejected the request. Raise its body size limit, or send large data in chunks or over plain HTTP.'
        : by === 'client'
          ? 'The server sends a message that is too large for this Node client: send it in chunks or offer it over HTTP, or raise `maxPayload` in the client options.'
          : 'Send large data in chunks or upload it over HTTP, or raise `maxHttpBufferSize` on the server (`max_http_buffer_size` in python-socketio); the `maxPayload` field of the handshake shows whether the change took effect.',
  snippet: ({ by, isConnect }) =>
    isConnect
      ? 'io(url, { auth: { token } }); // no large data'
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
