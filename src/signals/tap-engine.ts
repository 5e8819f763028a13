import type { ClientEngine } from './client-shapes.js';
import { howUpgradeFailed } from './how-upgrade-failed.js';
import { knownReason } from './known-reason.js';
import { type Listening, listen } from './listen.js';
import { nameOf } from './name-of-transport.js';
import { readHandshake } from './read-handshake.js';
import type { SignalBody } from './signal.js';
import { createTrafficWatch } from './traffic-watch.js';
import { CONSTRUCTORS } from './transport-constructors.js';
import { transportOf } from './transport-of.js';
import { unsentBytesOf } from './unsent-bytes.js';
import { watchCloseCode } from './watch-close-code.js';
import { type OpeningContext, watchOpening } from './watch-opening.js';

/** Milliseconds after which an offered and wanted upgrade that emitted no event is called overdue. */
const UPGRADE_OVERDUE_MS = 10_000;

export interface EngineTapContext extends OpeningContext {
  readonly upgradeWanted: () => boolean;
  /** What the browser says; `undefined` if unknown. */
  readonly isOnline: () => boolean | undefined;
  readonly monotonicMs: () => number;
  readonly delay: (callback: () => void, ms: number) => () => void;
  /** Whether to note when packets pass on this engine, which costs a function call per packet. */
  readonly watchTraffic: () => boolean;
  /** Whether this session id was given out before; the id itself goes nowhere. */
  readonly isRepeatedSid: (sid: string) => boolean;
  /** Called once per heartbeat, from 4.1 on. */
  readonly onBeat: () => void;
}

/** Listens on one engine, from its creation or in mid-life, until it has closed or the returned function is called. */
export function tapEngine(
  engine: ClientEngine,
  emit: (body: SignalBody) => void,
  context: EngineTapContext,
): () => void {
  const createdMs = context.monotonicMs();
  const listenings: Listening[] = [];
  const isWatched = context.watchTraffic();
  const traffic = createTrafficWatch(context.monotonicMs, isWatched ? 0 : undefined);
  const watched = new Map<object, () => void>();
  let handshakeMs: number | undefined;
  let hasBeat = false;
  let hasOpened = false;
  let isStopped = false;
  let beatMs: number | undefined;
  let beatWindowMs: number | undefined;
  let cancelOverdue: (() => void) | undefined;
  let hasFallenBack = false;
  let triesWebSocket = false;

  const on = (event: string, listener: (...args: unknown[]) => void) =>
    listenings.push(listen(engine, event, listener, context.onInternalError));

  const tellHandshake = (data: Record<string, unknown>, isLate = false) => {
    handshakeMs = context.monotonicMs();
    beatMs = handshakeMs;
    beatWindowMs = Number(data.pingInterval) + Number(data.pingTimeout);
    const handshake = readHandshake(data, transportOf(engine), isLate);
    const isRepeated = typeof data.sid === 'string' && context.isRepeatedSid(data.sid);
    emit({ ...handshake, ...(isRepeated && { repeatedSid: true }) });
    const { transport, upgrades } = handshake;
    triesWebSocket = upgrades.includes('websocket') && transport === 'polling' && context.upgradeWanted();
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
    // In mid-life its real age is unknown, and an age that is too small would spoil the rhythm of the others.
    if (isFresh) traffic.openTransport();
    else traffic.see();
    emit({ kind: 'engine-opened', transport: transportOf(engine) });
    if (hasFallenBack && transportOf(engine) === 'polling')
      emit({ kind: 'upgrade-failed', transport: 'websocket', how: 'fallback' });
    watchClose();
  };
  const settleUpgrade = () => {
    cancelOverdue?.();
    cancelOverdue = undefined;
  };
  const watchClose = () => watchCloseCode(engine.transport, watched, emit, context.onInternalError);

  on('handshake', (data) => {
    tellHandshake(Object(data));
    // A listener of the app that throws keeps `open` from the listeners after it.
    context.delay(() => engine.readyState === 'open' && tellOpened(), 0);
  });
  // Emitted from 4.1 on, once per heartbeat and never for a message.
  on('ping', () => {
    traffic.see();
    beatMs = context.monotonicMs();
    hasBeat = true;
    context.onBeat();
  });
  if (isWatched) {
    on('packet', traffic.seePacket);
    // A hanging poll is answered only by what the server sends.
    on('packetCreate', () => transportOf(engine) !== 'polling' && traffic.seePacket());
  }
  on('open', () => tellOpened());
  on('upgrading', (transport) => emit({ kind: 'upgrade-started', transport: nameOf(transport) }));
  on('upgrade', (transport) => {
    settleUpgrade();
    traffic.openTransport();
    emit({
      kind: 'upgraded',
      transport: nameOf(transport),
      afterMs: Math.round(context.monotonicMs() - (handshakeMs ?? createdMs)),
    });
    watchClose();
  });
  on('upgradeError', (error) => {
    const transport = nameOf(Object(error).transport);
    // A server that offers WebSocket over WebSocket makes the client try what it already has: nothing is lost if that fails. Nor with
    // WebTransport in addition to WebSocket, which clients try by default (4.7) and which is missing in Node, Safari and without HTTP/3.
    if (transport === transportOf(engine) || (transport === 'webtransport' && triesWebSocket)) return;
    settleUpgrade();
    const how = howUpgradeFailed(error);
    // A class for browsers in an older Node has no constructor to call. An option for which it throws reads differently.
    const isAbsent = how === 'threw' && / is not (defined|a constructor)/.test(String(Object(error).message));
    const missing = isAbsent ? CONSTRUCTORS[transport] : undefined;
    emit({ kind: 'upgrade-failed', transport, how, ...(missing && context.lacks(missing) && { missing }) });
  });
  on('error', (error) => {
    const facts = context.describe(error, engine);
    // If no request could be made: the browser build of the client in a runtime that is not a browser, a service worker.
    if (facts.notSent && context.lacks('XMLHttpRequest'))
      emit({ kind: 'transport-unopened', transport: 'polling', missing: 'XMLHttpRequest' });
    emit({ kind: 'engine-failed', transport: transportOf(engine), error: facts });
  });
  /**
   * Polling only: the server sent a close packet (engine.io-client lib/transports/polling.ts). From 4.5 on, this is said in words. Before
   * that, nothing else ends polling without an error, except that the browser says it is offline (from 4.0 on).
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
      ...traffic.at(now),
    });
  });

  watchOpening(engine, emit, context, listenings, (transport) => {
    hasFallenBack ||= transport === 'websocket';
  });

  // Attached in mid-life: what the handshake event would have said is on the engine, under names that 6.6 hides.
  if (engine.readyState === 'open' && engine.id) {
    const fields = engine as unknown as Record<string, unknown>;
    const field = (name: string) => fields[name] ?? fields[`_${name}`];
    tellHandshake(
      {
        sid: engine.id,
        upgrades: field('upgrades'),
        pingInterval: field('pingInterval'),
        pingTimeout: field('pingTimeout'),
        maxPayload: field('maxPayload'),
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
