import type { ClientEngine, ClientSocket } from './client-shapes.js';
import { type Listening, listen, type OnInternalError } from './listen.js';
import { namespaceOf } from './namespace-of.js';
import type { ConnectSent, SignalBody } from './signal.js';
import { transportOf } from './transport-of.js';

/**
 * Milliseconds of silence after which a namespace's connection is called overdue: a middleware that looks something up is done within a few
 * seconds, and nobody waits longer without wondering why. Socket.IO itself waits 45 s (`connectTimeout`).
 */
export const CONNECT_OVERDUE_MS = 8_000;
/**
 * Reported again after this time, which is what the client allows for a connection by default (`timeout`): anything that responds at all,
 * including a slow directory or a person at a login window, has mostly done so by then.
 */
export const CONNECT_SILENT_MS = 20_000;
/** A timer this late means that the page or process slept: the response may be waiting, too. */
const LATE_MS = 1_000;

/** CONNECT_ERROR without the object that belongs to it, up to an id (socket.io-client lib/socket.ts, onpacket: `packet.data.message`). */
const EMPTY_REFUSAL = /^4(?:(\/[^,]*),?)?\d*$/;
/** CONNECT_ERROR with something in it: python-socketio and netty-socketio write a bare string for an unknown namespace. */
const REFUSAL = /^4(?:(\/[^,]*),)?(["{])/;

export interface ConnectWatchContext {
  /** The watched ones, all or of one namespace: there may be hundreds, so code that is about one asks for one. */
  readonly sockets: (namespace?: string) => readonly ClientSocket[];
  /** Whether the app has a custom parser. */
  readonly hasParser: boolean;
  readonly monotonicMs: () => number;
  readonly delay: (callback: () => void, ms: number) => () => void;
  readonly onInternalError: OnInternalError;
}

/** Watches how long the namespaces on one engine wait for their connection; nothing is listened to once none is waiting. */
export interface ConnectWatch {
  /** Checks again which sockets are waiting, in one namespace or in all; call this whenever that may have changed. */
  check(namespace?: string): void;
  /** The namespace was refused, which is a response. */
  refused(namespace: string): void;
  /** Whether it was refused with a bare string; `undefined` if that was not seen. */
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
  /** Namespaces that were waiting at the last check. */
  const pending = new Set<string>();
  /** Those of them whose CONNECT packet was not seen. */
  const unsent = new Set<string>();
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

  const pendingIn = (namespace: string) =>
    refusals.has(namespace)
      ? undefined
      : context.sockets(namespace).find((socket) => !socket.connected && isActive(socket));

  const seeSent = (namespace: string, how: ConnectSent) => {
    if (!seen.has(namespace)) seen.set(namespace, how);
    unsent.delete(namespace);
  };
  const onPacket = (packet: unknown) => {
    const { type, data } = Object(packet);
    if (type !== 'message') return;
    const namespace = connectedBy(data);
    const isAwaited = namespace !== undefined && pending.has(namespace);
    if (namespace === undefined) for (const one of unsent) if (pendingIn(one)) seeSent(one, 'foreign');
    // A socket watched from now on may already have sent it.
    if (namespace && (isAwaited || !context.hasParser)) seeSent(namespace, 'default');
    // What a custom parser writes may look like anything.
    if (context.hasParser && namespace !== undefined && pending.size > Number(isAwaited)) isComplete = false;
    hasSentOverPolling = transportOf(engine) === 'polling';
  };
  // Before the client reads it, because it does not survive reading it: it throws, and reports to nobody.
  const onRefusal = (packet: unknown) => {
    const { type, data } = Object(packet);
    const [told, of = '/', start] = (type === 'message' && REFUSAL.exec(data)) || [];
    if (told !== undefined) texts.set(of, start === '"');
    const [found, namespace = '/'] = (type === 'message' && EMPTY_REFUSAL.exec(data)) || [];
    // Clients up to 2.x pass the missing object on as an `error`.
    if (found === undefined || context.hasParser || !pendingIn(namespace)?.onAny) return;
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
  // These events come with each message: nobody listens once no socket is waiting.
  const listenToPackets = () => {
    packets ??= [
      listen(engine, 'packetCreate', onPacket, onInternalError),
      // Over polling, the buffer is empty once the server has responded to the POST.
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
    return context.hasParser ? 'unknown' : 'default';
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
  const look = (namespace: string) => {
    const socket = isOpen || engine.readyState === 'opening' ? pendingIn(namespace) : undefined;
    if (!socket) {
      waiting.get(namespace)?.();
      for (const list of [waiting, pending, unsent]) list.delete(namespace);
      return;
    }
    pending.add(namespace);
    if (!seen.has(namespace)) unsent.add(namespace);
    if (isOpen && !waiting.has(namespace) && !told.has(namespace)) startWaiting(socket);
  };
  const check = (namespace?: string) => {
    if (isStopped) return;
    const all = () => new Set([...pending, ...context.sockets().map(namespaceOf)]);
    for (const one of namespace === undefined ? all() : [namespace]) look(one);
    if (pending.size > 0) {
      // What was written while nobody listened stays unknown.
      if (isOpen && !packets) isComplete = false;
      listenToPackets();
    } else stopListening();
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
    // An `auth` function that throws does so from the Manager's own listener, and then `open` reaches none of the listeners after it.
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
      check(namespace);
    },
    refusedInText: (namespace) => texts.get(namespace),
    sent,
    stop,
  };
}

/** Whether the client intends to connect this namespace. `active` came with 3.0.5; before, its subscriptions say the same. */
function isActive(socket: ClientSocket): boolean {
  if (socket.active !== undefined) return socket.active;
  return 'subs' in socket ? Boolean(socket.subs) : true;
}

/** The namespace that a packet connects, empty for other packets; `undefined` for what a parser other than the default one wrote. */
function connectedBy(data: unknown): string | undefined {
  // The default parser writes a digit first and, for CONNECT, then the namespace (socket.io-parser lib/index.ts, encodeAsString).
  if (typeof data !== 'string' || !/^\d/.test(data)) return undefined;
  const connect = /^0(\/[^,?]*)?/.exec(data);
  return connect ? (connect[1] ?? '/') : '';
}
