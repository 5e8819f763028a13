import type { ClientSocket } from './client-shapes.js';
import type { DescribeError } from './describe-error.js';
import type { ErrorFacts } from './error-facts.js';
import { knownReason } from './known-reason.js';
import { type Listening, listen, type OnInternalError } from './listen.js';
import { namespaceOf } from './namespace-of.js';
import type { ConnectFailed, ConnectSent, SignalBody } from './signal.js';
import { transportOf } from './transport-of.js';

export interface SocketTap {
  /** Listens again if the app has removed all listeners with `off()`. */
  rearm(): void;
  stop(): void;
}

export interface SocketTapContext {
  readonly describe: DescribeError;
  readonly monotonicMs: () => number;
  /** How the socket's CONNECT packet left on the current engine; `undefined` if that had not opened. */
  readonly connectSent: () => ConnectSent | undefined;
  /** Whether the server refused the socket's namespace with a bare string; `undefined` if nobody saw it. */
  readonly refusedInText: () => boolean | undefined;
  readonly onInternalError: OnInternalError;
}

/** Listens on one namespace socket: connected, refused, disconnected. Ordinary messages are not listened to. */
export function tapSocket(
  socket: ClientSocket,
  emit: (body: SignalBody) => void,
  context: SocketTapContext,
): SocketTap {
  const namespace = namespaceOf(socket);
  // 1.x and 2.x report a refused namespace by `error` with the raw value; from 3.x on, that name is free for the app's own events.
  const isOld = !socket.onAny;
  let connectedMs = socket.connected ? context.monotonicMs() : undefined;
  let lastId: string | undefined;

  const tellConnected = () => {
    connectedMs = context.monotonicMs();
    const isSame = socket.id !== undefined && socket.id === lastId;
    lastId = socket.id;
    emit({
      kind: 'connected',
      namespace,
      transport: transportOf(socket.io.engine),
      ...(typeof socket.recovered === 'boolean' && { recovered: socket.recovered }),
      ...(isSame && { sameId: true as const }),
    });
  };
  const tellRefused = (
    source: ConnectFailed['source'],
    error: ErrorFacts,
    hasData: boolean,
    hasMessage = true,
    words?: unknown,
  ) => {
    const bareText = hasMessage ? undefined : context.refusedInText();
    emit({
      kind: 'connect-error',
      namespace,
      source,
      ...(socket.io.engine?.transport?.name && { transport: socket.io.engine.transport.name }),
      error,
      ...(typeof socket.active === 'boolean' && { active: socket.active }),
      ...(!hasMessage && { noMessage: true as const }),
      ...(bareText !== undefined && { bareText }),
      ...(hasData && { hasData: true as const }),
      ...(error.message === 'other' && isAboutNamespace(words) && { aboutNamespace: true as const }),
    });
  };

  const listeners: Record<string, (...args: unknown[]) => void> = {
    connect: tellConnected,
    connect_error: (error) => {
      const facts = context.describe(error, socket.io.engine);
      const source = sourceOf(error, facts, isOld);
      const isRefusal = source === 'server';
      tellRefused(
        source,
        facts,
        isRefusal && Object(error).data !== undefined,
        !isRefusal || Boolean(Object(error).message),
        isRefusal && Object(error).message,
      );
    },
    disconnect: (reason) => {
      const hadConnected = connectedMs !== undefined;
      const sent = hadConnected ? undefined : context.connectSent();
      emit({
        kind: 'disconnected',
        namespace,
        reason: knownReason(reason),
        hadConnected,
        ...(connectedMs !== undefined && { sessionMs: Math.round(context.monotonicMs() - connectedMs) }),
        ...(sent !== undefined && { sent }),
        ...(hadConnected && socket._pid !== undefined && { recoverable: socket._lastOffset !== undefined }),
      });
      connectedMs = undefined;
    },
    ...(isOld && {
      error: (value: unknown) => {
        // Engine errors arrive here as well, as Errors; the engine tap has already reported them.
        if (value instanceof Error) return;
        // A server 3.x or 4.x sends clients up to 2.x an object for an unknown namespace.
        const words = typeof value === 'string' ? value : Object(value).message;
        const facts = context.describe({ message: words });
        const hasData = typeof value === 'object' && value !== null && facts.message === 'other';
        tellRefused('server', facts, hasData, hasData || Boolean(words), words);
      },
    }),
  };

  let listenings: Listening[] = [];
  const arm = () => {
    listenings = Object.entries(listeners).map(([event, listener]) =>
      listen(socket, event, listener, context.onInternalError),
    );
  };
  const stop = () => {
    for (const listening of listenings) listening.stop();
  };
  arm();
  if (socket.connected) tellConnected();
  return {
    rearm() {
      if (listenings.every((listening) => listening.isOn())) return;
      stop();
      arm();
    },
    stop,
  };
}

/**
 * A refusal by the server is an Error that has `data` as its own property, even if undefined (socket.io-client lib/socket.ts,
 * CONNECT_ERROR); what the engine reports has a `type`; the client's own errors have neither.
 */
function sourceOf(error: unknown, facts: ErrorFacts, isOld: boolean): ConnectFailed['source'] {
  if (facts.message === 'timeout') return 'timeout';
  // `Object.hasOwn` is newer than some browsers that the client runs in, and no Error inherits `data`.
  if (!isOld && 'data' in Object(error)) return 'server';
  return facts.message === 'v2 server' || facts.message === 'No transports available' ? 'client' : 'transport';
}

/** Of a message that may say anything, we keep only whether it is about a namespace that does not exist. */
const ABOUT_NAMESPACE =
  /\b(invalid|unknown|no such) namespace\b|\bnamespace (\S+ )?((is|was|does) )?(not (found|exist|registered)|doesn't exist|unknown|invalid)\b/i;

function isAboutNamespace(words: unknown): boolean {
  return typeof words === 'string' && ABOUT_NAMESPACE.test(words);
}
