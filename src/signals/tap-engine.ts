import type { ClientEngine, ClientTransport } from './client-shapes.js';
import type { DescribeError } from './describe-error.js';
import { isServerSid } from './is-server-sid.js';
import { knownReason } from './known-reason.js';
import { type Listening, listen, type OnInternalError } from './listen.js';
import type { SignalBody } from './signal.js';
import { transportOf } from './transport-of.js';

/** Milliseconds after which an offered and wanted upgrade that gave no event is called overdue. */
const UPGRADE_OVERDUE_MS = 10_000;

/** What a transport needs of its runtime, where it can be missing. */
export type RuntimeConstructor = 'WebSocket' | 'WebTransport' | 'XMLHttpRequest';

const CONSTRUCTORS: Readonly<Record<string, RuntimeConstructor>> = {
  websocket: 'WebSocket',
  webtransport: 'WebTransport',
};

export interface EngineTapContext {
  /** Whether the runtime has no such global. */
  readonly lacks: (name: RuntimeConstructor) => boolean;
  readonly describe: DescribeError;
  readonly upgradeWanted: () => boolean;
  /** What the browser says; `undefined` where nobody knows. */
  readonly isOnline: () => boolean | undefined;
  readonly monotonicMs: () => number;
  readonly delay: (callback: () => void, ms: number) => () => void;
  readonly onInternalError: OnInternalError;
  /** Whether to note when packets pass on this engine, which costs a function call for each of them. */
  readonly watchTraffic: () => boolean;
  /** Whether this session id was given before; the id itself goes nowhere. */
  readonly isRepeatedSid: (sid: string) => boolean;
  /** Called once in a heartbeat, from 4.1 on. */
  readonly onBeat: () => void;
}

/** Listens on one engine, from its creation or in mid-life, until it closed or the returned function is called. */
export function tapEngine(
  engine: ClientEngine,
  emit: (body: SignalBody) => void,
  context: EngineTapContext,
): () => void {
  const createdMs = context.monotonicMs();
  const listenings: Listening[] = [];
  const watched = new Map<object, () => void>();
  let handshakeMs: number | undefined;
  let hasBeat = false;
  let hasOpened = false;
  let isStopped = false;
  let beatMs: number | undefined;
  let beatWindowMs: number | undefined;
  let cancelOverdue: (() => void) | undefined;
  let transportMs: number | undefined;
  let trafficMs: number | undefined;
  let packets: number | undefined;
  let longestQuietMs = 0;
  let hasFallenBack = false;
  let triesWebSocket = false;

  const on = (event: string, listener: (...args: unknown[]) => void) =>
    listenings.push(listen(engine, event, listener, context.onInternalError));

  const tellHandshake = (data: Record<string, unknown>, isLate = false) => {
    handshakeMs = context.monotonicMs();
    beatMs = handshakeMs;
    const upgrades = Array.isArray(data.upgrades) ? data.upgrades.filter((name) => typeof name === 'string') : [];
    const { sid, pingInterval, pingTimeout, maxPayload } = data;
    const isComplete =
      typeof sid === 'string' &&
      Array.isArray(data.upgrades) &&
      typeof pingInterval === 'number' &&
      typeof pingTimeout === 'number';
    beatWindowMs = Number(pingInterval) + Number(pingTimeout);
    emit({
      kind: 'handshake',
      transport: transportOf(engine),
      upgrades,
      ...(typeof pingInterval === 'number' && { pingIntervalMs: pingInterval }),
      ...(typeof pingTimeout === 'number' && { pingTimeoutMs: pingTimeout }),
      ...(typeof maxPayload === 'number' && { maxPayloadBytes: maxPayload }),
      ...(isLate ? { late: true as const } : !isComplete && { incomplete: true as const }),
      ...(typeof sid === 'string' && context.isRepeatedSid(sid) && { repeatedSid: true as const }),
      ...(typeof sid === 'string' && !isServerSid(sid) && { strangeSid: true as const }),
    });
    triesWebSocket = upgrades.includes('websocket') && transportOf(engine) === 'polling' && context.upgradeWanted();
    if (triesWebSocket) {
      cancelOverdue = context.delay(
        () => emit({ kind: 'upgrade-overdue', afterMs: UPGRADE_OVERDUE_MS }),
        UPGRADE_OVERDUE_MS,
      );
    }
  };
  const tellOpened = (isFresh = true) => {
    if (hasOpened || isStopped) return;
    hasOpened = true;
    // In mid-life its real age is not known, and one that is too small would spoil the rhythm of the others.
    if (isFresh) openTransport();
    else seeTraffic();
    emit({ kind: 'engine-opened', transport: transportOf(engine) });
    if (hasFallenBack && transportOf(engine) === 'polling')
      emit({ kind: 'upgrade-failed', transport: 'websocket', how: 'fallback' });
    watchCloseCode();
  };
  const settleUpgrade = () => {
    cancelOverdue?.();
    cancelOverdue = undefined;
  };
  const seeTraffic = () => {
    trafficMs = context.monotonicMs();
  };
  const openTransport = () => {
    seeTraffic();
    transportMs = trafficMs;
    if (packets !== undefined) packets = 0;
    longestQuietMs = 0;
  };
  const watchCloseCode = () => watchWebSocket(engine.transport, watched, emit, context.onInternalError);

  on('handshake', (data) => {
    tellHandshake(Object(data));
    // A listener of the app that throws keeps `open` from those after it.
    context.delay(() => engine.readyState === 'open' && tellOpened(), 0);
  });
  // Told from 4.1 on, once per heartbeat and never for a message.
  on('ping', () => {
    seeTraffic();
    beatMs = trafficMs;
    hasBeat = true;
    context.onBeat();
  });
  if (context.watchTraffic()) {
    packets = 0;
    const seePacket = () => {
      if (packets === undefined || trafficMs === undefined) return;
      longestQuietMs = Math.max(longestQuietMs, context.monotonicMs() - trafficMs);
      packets += 1;
      seeTraffic();
    };
    on('packet', seePacket);
    // A hanging poll is answered only by what the server sends.
    on('packetCreate', () => transportOf(engine) !== 'polling' && seePacket());
  }
  on('open', () => tellOpened());
  on('upgrading', (transport) => emit({ kind: 'upgrade-started', transport: nameOf(transport) }));
  on('upgrade', (transport) => {
    settleUpgrade();
    openTransport();
    emit({
      kind: 'upgraded',
      transport: nameOf(transport),
      afterMs: Math.round(context.monotonicMs() - (handshakeMs ?? createdMs)),
    });
    watchCloseCode();
  });
  on('upgradeError', (error) => {
    const transport = nameOf(Object(error).transport);
    // A server that offers WebSocket over WebSocket has the client try what it has already: nothing is lost with that. Nor with WebTransport
    // beside WebSocket, which clients try by default (4.7) and Node, Safari and whoever has no HTTP/3 do without.
    if (transport === transportOf(engine) || (transport === 'webtransport' && triesWebSocket)) return;
    settleUpgrade();
    const how = howUpgradeFailed(error);
    // A class for browsers in an older Node has no constructor to call. An option for which it throws reads otherwise.
    const isAbsent = how === 'threw' && / is not (defined|a constructor)/.test(String(Object(error).message));
    const missing = isAbsent ? CONSTRUCTORS[transport] : undefined;
    emit({ kind: 'upgrade-failed', transport, how, ...(missing && context.lacks(missing) && { missing }) });
  });
  on('error', (error) => {
    const facts = context.describe(error, engine);
    // Where no request could be made: the browser build of the client in a runtime without browser, a service worker.
    if (facts.notSent && context.lacks('XMLHttpRequest')) tellUnopened('polling', 'XMLHttpRequest');
    emit({ kind: 'engine-failed', transport: transportOf(engine), error: facts });
  });
  /**
   * Polling only: the server sent a close packet (engine.io-client lib/transports/polling.ts). It is told in words from 4.5 on. Before, nothing
   * else ends polling without an error, but for the browser that says it is offline (from 4.0 on).
   */
  const isClosedByServer = (reason: unknown, detail: unknown) =>
    detail === undefined
      ? hasOpened && reason === 'transport close' && transportOf(engine) === 'polling' && context.isOnline() !== false
      : Object(detail).description === 'transport closed by the server';
  on('close', (reason, detail) => {
    settleUpgrade();
    const closeEvent = Object(Object(detail).context);
    const isError = Object(detail).type === 'TransportError' || detail instanceof Error;
    const unsentBytes = unsentBytesOf(engine, [...watched.keys()].pop());
    const now = context.monotonicMs();
    const lateMs = Math.round(now - (beatMs ?? now) - (beatWindowMs ?? Number.NaN));
    emit({
      kind: 'engine-closed',
      transport: transportOf(engine),
      reason: knownReason(reason),
      opened: handshakeMs !== undefined,
      ageMs: Math.round(now - createdMs),
      ...(typeof closeEvent.code === 'number' && { closeCode: closeEvent.code }),
      ...(typeof closeEvent.wasClean === 'boolean' && { wasClean: closeEvent.wasClean }),
      ...(reason === 'ping timeout' && hasBeat && lateMs > 0 && { lateMs }),
      ...(isClosedByServer(reason, detail) && { byServer: true as const }),
      ...(isError && { error: context.describe(detail) }),
      ...(unsentBytes > 0 && { unsentBytes }),
      ...(transportMs !== undefined && { transportAgeMs: Math.round(now - transportMs) }),
      ...(trafficMs !== undefined && { quietMs: Math.round(now - trafficMs) }),
      ...(packets !== undefined && { traffic: { packets, longestQuietMs: Math.round(longestQuietMs) } }),
    });
  });

  /** Node's own WebSocket transport needs no global, and throws for what it cannot take: then nothing tells that a global is missing. */
  const mayLack = (transport: string) => transport !== 'websocket' || !mayThrow(engine);
  const tellUnopened = (transport: string, missing?: RuntimeConstructor) =>
    emit({ kind: 'transport-unopened', transport, ...(missing && { missing }) });
  /** `tryAllTransports` (4.8): the same engine goes on with the next transport and tells only the last error. */
  const watchTransport = (transport: ClientTransport | undefined) => {
    const missing = CONSTRUCTORS[transport?.name ?? ''];
    if (!transport || !missing || engine.readyState !== 'opening') return;
    // What a transport's constructor throws is told before anybody can listen, and is lost for everyone.
    const isAbsent = context.lacks(missing);
    if (missing === 'WebSocket' ? !transport.ws : isAbsent)
      tellUnopened(nameOf(transport), isAbsent && mayLack(nameOf(transport)) ? missing : undefined);
  };
  const watchFallback = (transport: ClientTransport | undefined) => {
    watchTransport(transport);
    if (!transport || Object(engine.opts).tryAllTransports !== true) return;
    listenings.push(
      listen(
        transport,
        'error',
        (error) => {
          const next = engine.transport;
          if (engine.readyState !== 'opening' || next === transport) return;
          hasFallenBack ||= transport.name === 'websocket';
          emit({
            kind: 'transport-failed',
            transport: nameOf(transport),
            error: context.describe(error, { transport } as ClientEngine),
          });
          watchFallback(next);
        },
        context.onInternalError,
      ),
    );
  };
  try {
    watchFallback(engine.transport);
  } catch (error) {
    context.onInternalError(error);
  }

  // Attached in mid-life: what the handshake event would have told is on the engine, under names that 6.6 hides.
  if (engine.readyState === 'open' && engine.id) {
    const fields = engine as unknown as Record<string, unknown>;
    tellHandshake(
      {
        sid: engine.id,
        upgrades: fields.upgrades ?? fields._upgrades,
        pingInterval: fields.pingInterval ?? fields._pingInterval,
        pingTimeout: fields.pingTimeout ?? fields._pingTimeout,
        maxPayload: fields.maxPayload ?? fields._maxPayload,
      },
      true,
    );
    tellOpened(false);
  }
  return () => {
    isStopped = true;
    settleUpgrade();
    for (const listening of listenings) listening.stop();
    for (const unwatch of watched.values()) unwatch();
  };
}

/** What `ws` and the request under it may throw for, before they dial: values of headers, subprotocols, agents, keys, addresses. */
const CHECKED_OPTIONS = ['extraHeaders', 'protocols', 'agent', 'pfx', 'key', 'cert', 'ca', 'ciphers', 'localAddress'];

/** Whether the app gave anything for which a WebSocket is not even tried. */
function mayThrow(engine: ClientEngine): boolean {
  // Up to 2.x the engine holds them itself.
  const options = Object(engine.opts ?? engine);
  const own = Object(Object(options.transportOptions).websocket);
  const isGiven = CHECKED_OPTIONS.some((name) => hasValue(options[name]) || hasValue(own[name]));
  return isGiven || !String(options.path ?? '/').startsWith('/') || !isAddress(engine);
}

/** Whether a URL can be made of where it dials. */
function isAddress({ hostname = '', port = '' }: ClientEngine): boolean {
  try {
    return Boolean(new URL(`ws://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`));
  } catch {
    return false;
  }
}

function hasValue(option: unknown): boolean {
  return Array.isArray(option) ? option.length > 0 : Boolean(option);
}

/** engine.io-client flattens the cause into the message (lib/socket.js, probe): only its beginning is fixed. */
function howUpgradeFailed(error: unknown): 'refused' | 'closed' | 'engine-closed' | 'threw' | 'other' {
  const message = String(Object(error).message ?? error);
  if (message.includes('socket closed')) return 'engine-closed';
  if (message.includes('transport closed')) return 'closed';
  if (message.includes('websocket error') || message.includes('webtransport error')) return 'refused';
  // Behind these words comes what the transport told as its error, which apart from those above is what its constructor threw.
  return /^probe error: ./.test(message) ? 'threw' : 'other';
}

/** Clients before 4.5 do not pass the close code on; the WebSocket itself still tells it to whoever listens. */
function watchWebSocket(
  transport: ClientTransport | undefined,
  watched: Map<object, () => void>,
  emit: (body: SignalBody) => void,
  onInternalError: OnInternalError,
) {
  const socket = transport?.ws;
  if (!socket?.addEventListener || watched.has(socket)) return;
  const onClose = ({ code, wasClean }: { code?: number; wasClean?: boolean }) => {
    if (typeof code !== 'number') return;
    try {
      emit({ kind: 'websocket-closed', closeCode: code, ...(typeof wasClean === 'boolean' && { wasClean }) });
    } catch (error) {
      onInternalError(error);
    }
  };
  socket.addEventListener('close', onClose);
  watched.set(socket, () => socket.removeEventListener?.('close', onClose));
}

/**
 * What waits in the client's buffer or in the WebSocket's; 0 where neither can be read, because the close itself matters more.
 *
 * @param last the WebSocket that was in use: clients from 6.6 on have let go of it by the time they tell of the end
 */
function unsentBytesOf(
  { writeBuffer, transport }: ClientEngine,
  last: { bufferedAmount?: number } | undefined,
): number {
  try {
    return sizeOf(writeBuffer) + (Number((transport?.ws ?? last)?.bufferedAmount) || 0);
  } catch {
    return 0;
  }
}

/** Bytes still to be sent, text counted as UTF-8. */
function sizeOf(writeBuffer: ClientEngine['writeBuffer']): number {
  let bytes = 0;
  for (const { data } of writeBuffer ?? []) {
    if (typeof data === 'string') bytes += new TextEncoder().encode(data).length;
    else bytes += Object(data).byteLength ?? Object(data).size ?? 0;
  }
  return bytes;
}

function nameOf(transport: unknown): string {
  return typeof transport === 'string' ? transport : String(Object(transport).name ?? 'unknown');
}
