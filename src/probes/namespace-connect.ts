import type { ConnectReply } from '../signals/signal.js';
import { observeWebSocket } from './observe-websocket.js';
import type { Probe } from './probe.js';
import { probeUrl } from './probe-url.js';
import { FIRST_MESSAGE_MS } from './websocket-handshake.js';

/** A server that closes sessions whatever they say does so at once; what it closes later, it closes because of what we sent. */
const QUIET_MS = 600;
/** Longer than a middleware takes that looks something up in a nearby database. */
const ANSWER_MS = 2_500;
/** A server closes what it cannot read as soon as it arrives; later, it is its `connectTimeout`. */
const AT_ONCE_MS = 700;
/** Engine.IO packets; a message (4) starts with the type of a Socket.IO packet (socket.io-parser lib/index.ts). */
const OWN_WORDS = /^(4[0-6]|[1-36])/;
/** Longer names do not fit into the one short frame that Node's side writes. */
const MAX_NAMESPACE_CHARS = 80;

/**
 * Does the server reply to CONNECT packets of the default parser: one to a namespace that does not exist, and one to the client's own,
 * without its `auth`? What connects is closed at once.
 */
export const namespaceConnect: Probe = {
  name: 'namespace-connect',
  cost: () => 1,
  isPossible: ({ phase, namespace }) => phase !== 'upgrade' && namespace.length <= MAX_NAMESPACE_CHARS,
  async ask(context) {
    const { runtime, namespace, timeoutMs, tls, client } = context;
    const unused = `/unused-${Math.floor(runtime.random() * 1e9).toString(36)}`;
    const own = namespace === '/' ? '' : `${namespace},`;
    // Servers connect clients of Engine.IO 3 to the default namespace unasked.
    const isUnasked = client.protocol === 3 && namespace === '/';
    const answer = await runtime.openWebSocket({
      url: probeUrl(context, { transport: 'websocket' }),
      timeoutMs,
      firstMessageMs: FIRST_MESSAGE_MS,
      dialog: {
        lines: [`40${unused},`, ...(isUnasked ? [] : [`40${own}`])],
        quietMs: isUnasked ? ANSWER_MS : QUIET_MS,
        answerMs: ANSWER_MS,
      },
      ...(tls && { tls }),
    });
    const { replies = [], closeCode, messages, sinceLineMs = 0 } = answer;
    const websocket = observeWebSocket({ ...answer, messages: [...messages, ...(replies[0] ?? [])] });
    const durationMs = Math.round(answer.durationMs);
    if (websocket.result !== 'engineio' || replies.length < 2) {
      return { answer: 'unknown', why: 'no session over WebSocket', websocket, durationMs };
    }
    const read = (index: number, of: string): ConnectReply => {
      const reply = replies[index] ?? [];
      const known = reply.map((message) => readReply(message, of)).find((found) => found !== undefined);
      if (known) return known;
      // About another namespace, or a heartbeat: in the same format, but not a reply to this.
      if (reply.some((message) => !OWN_WORDS.test(message))) return 'foreign';
      const isLast = closeCode !== undefined && index === replies.length - 1;
      return isLast && sinceLineMs < AT_ONCE_MS ? 'closed' : 'silent';
    };
    const toUnused = read(1, unused);
    const toOwn = isUnasked ? read(0, '/') : replies.length > 2 ? read(2, namespace) : undefined;
    if (closeCode !== undefined && !isOrderly(closeCode)) {
      return { answer: 'unknown', why: 'the connection was cut', websocket, durationMs };
    }
    return {
      answer: toOwn === 'connected' || toOwn === 'refused' ? 'yes' : 'no',
      websocket,
      connects: { unused: toUnused, ...(toOwn && { own: toOwn }), quietMs: QUIET_MS },
      durationMs,
    };
  },
};

function isOrderly(closeCode: number): boolean {
  return closeCode === 1000 || closeCode === 1001 || closeCode === 1005;
}

/** An Engine.IO message (4) that carries CONNECT (0) or CONNECT_ERROR (4) of the namespace. */
function readReply(message: string, namespace: string): ConnectReply | undefined {
  const [, type, name = '/'] = /^4([04])(\/[^,]*)?/.exec(message) ?? [];
  if (type === undefined || name !== namespace) return undefined;
  return type === '0' ? 'connected' : 'refused';
}
