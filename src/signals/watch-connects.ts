import type { ClientEngine, ClientSocket } from './client-shapes.js';
import { type Listening, listen, type OnInternalError } from './listen.js';
import { namespaceOf } from './namespace-of.js';
import type { ConnectSent, SignalBody } from './signal.js';
import { transportOf } from './transport-of.js';

/**
 * Milliseconds of silence after which a namespace's connection is called overdue: a middleware that looks something up is done within a
 * few seconds, and nobody waits for longer without asking why. Socket.IO itself waits for 45 s (`connectTimeout`).
 */
export const CONNECT_OVERDUE_MS = 8_000;
/**
 * Told again after this time, which is what the client allows for a connection by default (`timeout`): what answers at all, a slow
 * directory or a person at a login window included, has mostly done so by then.
 */
export const CONNECT_SILENT_MS = 20_000;
/** A timer this late tells of a page or process that slept: the answer may be waiting, too. */
const LATE_MS = 1_000;

/** CONNECT_ERROR without the object that belongs to it, up to an id (socket.io-client lib/socket.ts, onpacket: `packet.data.message`). */
const EMPTY_REFUSAL = /^4(?:(\/[^,]*),?)?\d*$/;
/** CONNECT_ERROR with something in it: python-socketio and netty-socketio write a bare text for a namespace that they do not know. */
const REFUSAL = /^4(?:(\/[^,]*),)?(["{])/;

export interface ConnectWatchContext {
  readonly sockets: () => readonly ClientSocket[];
  readonly monotonicMs: () => number;
  readonly delay: (callback: () => void, ms: number) => () => void;
  readonly onInternalError: OnInternalError;
}

/** Watches on one engine how long its namespaces wait for their connection; nothing is listened to once none waits. */
export interface ConnectWatch {
  /** Looks again which sockets wait; to be called whenever that may have changed. */
  check(): void;
  /** The namespace was refused: that is an answer. */
  refused(namespace: string): void;
  /** Whether it was refused by a bare text; `undefined` where that was not seen. */
  refusedInText(namespace: string): boolean | undefined;
  /** How its CONNECT packet left on this engine. */
  sent(socket: ClientSocket): ConnectSent;
  stop(): void;
}

export function watchConnects(
  engine: ClientEngine,
  emit: (body: SignalBody) => void,
  context: ConnectWatchContext,
): ConnectWatch {
  const { onInternalError, monotonicMs } = context;
  const waiting = new Map<string, () => void>();
  const told = new Set<string>();
  const refusals = new Set<string>();
  const texts = new Map<string, boolean>();
  const seen = new Map<string, ConnectSent>();
  let isOpen = engine.readyState === 'open';
  /** Whether every packet since the engine opened was seen. */
  let isComplete = !isOpen;
  let packets: readonly Listening[] | undefined;
  let hasSentOverPolling = false;
  let isDelivered = false;

  const pending = () =>
    context.sockets().filter((socket) => !socket.connected && isActive(socket) && !refusals.has(namespaceOf(socket)));

  const onPacket = (packet: unknown) => {
    const { type, data } = Object(packet);
    if (type !== 'message') return;
    for (const socket of pending()) {
      const namespace = namespaceOf(socket);
      const how = formatOf(data, namespace);
      if (how && !seen.has(namespace)) seen.set(namespace, how);
      // What a parser of the app's own writes may look like anything.
      if (!how && socket.io.opts?.parser) isComplete = false;
    }
    hasSentOverPolling = transportOf(engine) === 'polling';
  };
  // Before the client reads it, because reading it is what it does not survive: it throws, and tells nobody.
  const onRefusal = (packet: unknown) => {
    const { type, data } = Object(packet);
    const [told, of = '/', start] = (type === 'message' && REFUSAL.exec(data)) || [];
    if (told !== undefined) texts.set(of, start === '"');
    const [found, namespace = '/'] = (type === 'message' && EMPTY_REFUSAL.exec(data)) || [];
    const socket = pending().find((one) => namespaceOf(one) === namespace);
    // Clients up to 2.x hand the nothing on as an `error`.
    if (found === undefined || !socket?.onAny || socket.io.opts?.parser) return;
    emit({
      kind: 'connect-error',
      namespace,
      source: 'server',
      transport: transportOf(engine),
      error: { message: 'other' },
      active: false,
      noMessage: true,
    });
  };
  // All come with each message: nobody listens once no socket waits.
  const listenToPackets = () => {
    packets ??= [
      listen(engine, 'packetCreate', onPacket, onInternalError),
      // Over polling the buffer is empty once the server has answered the POST.
      listen(
        engine,
        'drain',
        () => {
          isDelivered ||= hasSentOverPolling;
        },
        onInternalError,
      ),
      listen(engine, 'packet', onRefusal, onInternalError),
    ];
  };
  const stopListening = () => {
    for (const listening of packets ?? []) listening.stop();
    packets = undefined;
  };

  const sent = (socket: ClientSocket): ConnectSent => {
    const namespace = namespaceOf(socket);
    const how = seen.get(namespace);
    if (how) return how;
    // Clients up to 2.x leave the default namespace to the server.
    if (!socket.onAny && namespace === '/') return 'default';
    if (typeof socket.auth === 'function') return isComplete ? 'no' : 'unknown';
    return socket.io.opts?.parser ? 'unknown' : 'default';
  };

  const startWaiting = (socket: ClientSocket, afterMs = CONNECT_OVERDUE_MS, isSecond = false) => {
    const namespace = namespaceOf(socket);
    const startedMs = monotonicMs();
    const waitMs = afterMs === CONNECT_OVERDUE_MS ? afterMs : afterMs - CONNECT_OVERDUE_MS;
    const cancel = context.delay(() => {
      waiting.delete(namespace);
      if (!isOpen || engine.readyState !== 'open' || socket.connected || !isActive(socket)) return;
      const lateMs = monotonicMs() - startedMs - waitMs;
      if (lateMs > LATE_MS && !isSecond) return startWaiting(socket, afterMs, true);
      told.add(namespace);
      emit({
        kind: 'connect-overdue',
        namespace,
        transport: transportOf(engine),
        afterMs,
        sent: sent(socket),
        ...(isDelivered && { delivered: true as const }),
      });
      if (afterMs < CONNECT_SILENT_MS) startWaiting(socket, CONNECT_SILENT_MS);
    }, waitMs);
    waiting.set(namespace, cancel);
  };

  let isStopped = false;
  const check = () => {
    if (isStopped) return;
    const sockets = isOpen || engine.readyState === 'opening' ? pending() : [];
    if (sockets.length > 0) {
      // What was written while nobody listened stays unknown.
      if (isOpen && !packets) isComplete = false;
      listenToPackets();
    } else stopListening();
    const namespaces = new Set(sockets.map(namespaceOf));
    for (const [namespace, cancel] of waiting) {
      if (namespaces.has(namespace)) continue;
      cancel();
      waiting.delete(namespace);
    }
    if (!isOpen) return;
    for (const socket of sockets) {
      const namespace = namespaceOf(socket);
      if (!waiting.has(namespace) && !told.has(namespace)) startWaiting(socket);
    }
  };

  const onOpen = () => {
    if (isStopped || isOpen) return;
    isOpen = true;
    check();
  };
  const stop = () => {
    isStopped = true;
    isOpen = false;
    stopListening();
    for (const cancel of waiting.values()) cancel();
    waiting.clear();
    for (const listening of listenings) listening.stop();
  };
  const listenings = [
    listen(engine, 'open', onOpen, onInternalError),
    // An `auth` function that throws does so out of the Manager's own listener, and then `open` reaches nobody after it.
    listen(
      engine,
      'handshake',
      () => context.delay(() => engine.readyState === 'open' && onOpen(), 0),
      onInternalError,
    ),
    listen(engine, 'close', stop, onInternalError),
  ];
  check();
  return {
    check,
    refused(namespace) {
      refusals.add(namespace);
      check();
    },
    refusedInText: (namespace) => texts.get(namespace),
    sent,
    stop,
  };
}

/** Whether the client means to connect this namespace. `active` came with 3.0.5; before, its subscriptions tell the same. */
function isActive(socket: ClientSocket): boolean {
  if (socket.active !== undefined) return socket.active;
  return 'subs' in socket ? Boolean(socket.subs) : true;
}

/** How a packet is written that may be the CONNECT of this namespace; `undefined` for what belongs to another one. */
function formatOf(data: unknown, namespace: string): ConnectSent | undefined {
  // The default parser writes a digit first, and of CONNECT then the namespace (socket.io-parser lib/index.ts, encodeAsString).
  if (typeof data !== 'string' || !/^\d/.test(data)) return 'foreign';
  const [, connected] = /^0(\/[^,?]*)?/.exec(data) ?? [];
  if (!data.startsWith('0')) return undefined;
  return (connected ?? '/') === namespace ? 'default' : undefined;
}
