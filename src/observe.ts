import mitt from 'mitt';
import type { Diagnosis } from './causes/codes.js';
import { type ConnectionObserver, createConnectionObserver } from './connection-observer.js';
import { createDelivery, type Delivery } from './delivery/delivery.js';
import type { DiagnosticsRecord, Envelope } from './delivery/envelope.js';
import { latest } from './diagnosis/latest.js';
import type { CheckReport, Diagnostics, DiagnosticsEvents, Snapshot } from './diagnostics.js';
import type { Incident } from './incidents/incident.js';
import type { SessionSummary } from './incidents/session-summary.js';
import { createSessionTracker } from './incidents/session-tracker.js';
import { type DiagnosticsOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Runtime } from './runtime/runtime.js';
import { clientFacts } from './signals/client-facts.js';
import type { ClientManager, ClientSocket, SocketLike } from './signals/client-shapes.js';
import type { SignalBody, SignalOf } from './signals/signal.js';
import { supportBundle } from './support-bundle.js';
import { SDK_VERSION } from './version.js';

export type WithDiagnostics = <T extends SocketLike>(
  socket: T,
  options?: DiagnosticsOptions,
) => T & { readonly diagnostics: Diagnostics };

/** One SDK in one runtime: what is shared by all sockets of a page or process. */
interface Page {
  readonly runtime: Runtime;
  readonly observers: WeakMap<object, ConnectionObserver>;
  readonly deliveries: WeakMap<object, Delivery>;
  readonly warned: Set<string>;
  readonly sessionId: string;
  readonly startedAt: string;
}

/** Makes `withDiagnostics` for a runtime; nothing is touched before its first call. */
export function createWithDiagnostics(createRuntime: () => Runtime): WithDiagnostics {
  let page: Page | undefined;
  return (socket, options) => {
    let isBroken = true;
    try {
      page ??= openPage(createRuntime());
      const wrapped = wrap(page, socket, options);
      isBroken = false;
      return wrapped as never;
    } catch (error) {
      // Whatever goes wrong in here must not reach the app.
      page?.runtime.warn(`the socket is not watched: ${error instanceof Error ? error.message : 'internal error'}`);
      return socket as never;
    } finally {
      if (isBroken) attach(socket, inertDiagnostics);
    }
  };
}

function openPage(runtime: Runtime): Page {
  return {
    runtime,
    observers: new WeakMap(),
    deliveries: new WeakMap(),
    warned: new Set(),
    sessionId: runtime.uuid(),
    startedAt: new Date(runtime.now()).toISOString(),
  };
}

function wrap(page: Page, value: unknown, given: DiagnosticsOptions | undefined): unknown {
  const misuse = (message: string) => {
    if (page.warned.has(message) || !page.runtime.isDevelopment()) return;
    page.warned.add(message);
    page.runtime.warn(message);
  };
  if (!isSocket(value)) {
    misuse(`withDiagnostics(socket): expected a socket of socket.io-client 1.x to 4.x, got ${nameOf(value)}`);
    attach(value, inertDiagnostics);
    return value;
  }
  if ((value as { diagnostics?: unknown }).diagnostics) return value;
  const socket = value as unknown as ClientSocket;
  attach(value, watch(page, socket, resolveOptions(given, misuse), given ?? {}));
  return value;
}

function watch(page: Page, socket: ClientSocket, options: ResolvedOptions, optionsKey: object): Diagnostics {
  const { runtime } = page;
  const namespace = socket.nsp ?? '/';
  const events = mitt<DiagnosticsEvents>();
  const guards = new WeakMap<object, (told: unknown) => void>();
  const tracker = createSessionTracker({ ...runtime, namespace });
  const isSampled = runtime.random() < options.sampleRate;
  const delivery = deliveryFor(page, options, optionsKey);
  let isDisposed = false;

  const onInternalError = () => delivery.drop('internal-error');
  const emit = <E extends keyof DiagnosticsEvents>(event: E, told: DiagnosticsEvents[E]) => events.emit(event, told);
  const call = (callback: () => void) => {
    try {
      callback();
    } catch (error) {
      // A mistake in the app's own callback: told where its developer looks, kept away from Socket.IO.
      runtime.warn(`a listener of the app threw: ${String(error)}`);
    }
  };

  const deliver = (record: DiagnosticsRecord, isUrgent: boolean) => {
    if (options.sinks.length === 0) return;
    let sent: DiagnosticsRecord | null = record;
    if (options.beforeSend) {
      try {
        sent = options.beforeSend(record);
      } catch (error) {
        runtime.warn(`options.beforeSend threw, the record is not sent: ${String(error)}`);
        sent = null;
      }
    }
    if (sent) delivery.add(sent, isUrgent);
    else delivery.drop('before-send');
  };
  const tellSession = (ended?: SessionSummary['ended']) => {
    const session = tracker.revise(ended);
    emit('session', { session });
    const hadIncident = session.incidents > 0;
    if (!hadIncident && !isSampled) return;
    const weight = hadIncident ? 1 : 1 / options.sampleRate;
    deliver({ ...session, kind: 'session', client: clientFacts(socket), weight }, false);
  };

  const observer = observerFor(page, socket.io, socket, onInternalError);
  const leave = observer.join({
    socket,
    namespace,
    probe: options.probe,
    onSignal(signal) {
      tracker.see(signal);
      if (signal.kind === 'attempt-started') emit('attempt', { attempt: observer.attempt });
      if (signal.kind === 'engine-opened' || signal.kind === 'upgraded')
        emit('transport', { transport: signal.transport });
      if (signal.kind === 'upgraded' || (signal.kind === 'connected' && signal.namespace === namespace)) tellSession();
      followPage(signal);
    },
    onIncident(incident, change, isOwner) {
      if (change === 'opened') tracker.countIncident();
      emit('incident', { incident: incident as Incident<Diagnosis>, change });
      if (isOwner) deliver({ ...incident, kind: 'incident' }, true);
      if (change !== 'changed') tellSession();
    },
    onDiagnosis(diagnosis, incident) {
      const told = { diagnosis: diagnosis as Diagnosis, incident: incident as Incident<Diagnosis> };
      emit('diagnosis', told);
      if (options.onDiagnosis) call(() => options.onDiagnosis?.(told));
      if (options.console === true || (options.console === 'dev' && runtime.isDevelopment())) {
        runtime.warn(`${diagnosis.certainty} ${diagnosis.code}: ${diagnosis.title}. ${diagnosis.docs}`);
      }
    },
  });

  function followPage(signal: SignalBody): void {
    if (signal.kind === 'connected') delivery.wake();
    if (signal.kind !== 'page') return;
    if (signal.event === 'hidden' || signal.event === 'left') {
      tellSession(signal.event === 'left' ? 'page' : undefined);
      delivery.leaving();
    }
    if (signal.event === 'visible' || signal.event === 'returned' || signal.event === 'online') delivery.wake();
  }

  const snapshot = (): Snapshot => {
    const { signals } = observer.timeline();
    const handshake = latest(signals.filter((signal): signal is SignalOf<'handshake'> => signal.kind === 'handshake'));
    const incident = observer.current(namespace) as Incident<Diagnosis> | undefined;
    const transport = socket.io.engine?.transport?.name;
    const isTrying = socket.active ?? socket.io.engine?.readyState !== 'closed';
    return {
      state: socket.connected ? 'connected' : isTrying ? 'connecting' : 'disconnected',
      namespace,
      ...(transport !== undefined && { transport }),
      attempt: observer.attempt,
      session: tracker.summary(),
      ...(handshake && {
        handshake: {
          ...(handshake.pingIntervalMs !== undefined && { pingIntervalMs: handshake.pingIntervalMs }),
          ...(handshake.pingTimeoutMs !== undefined && { pingTimeoutMs: handshake.pingTimeoutMs }),
          ...(handshake.maxPayloadBytes !== undefined && { maxPayloadBytes: handshake.maxPayloadBytes }),
        },
      }),
      ...(incident && { incident }),
    };
  };
  const probing = { namespace, probe: options.probe };

  return {
    on<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void) {
      const guard = (told: unknown) => call(() => listener(told as DiagnosticsEvents[E]));
      guards.set(listener, guard);
      events.on(event, guard);
    },
    off<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void) {
      const guard = guards.get(listener);
      if (guard) events.off(event, guard);
    },
    get current() {
      return observer.current(namespace) as Incident<Diagnosis> | undefined;
    },
    snapshot,
    async check(): Promise<CheckReport> {
      const { probes, diagnosis } = await observer.check(probing);
      return { probes, ...(diagnosis && { diagnosis: diagnosis as Diagnosis }) };
    },
    report: () => supportBundle(snapshot(), observer.timeline()),
    flush: () => delivery.flush(),
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      leave();
      tellSession('disposed');
      events.all.clear();
      delete (socket as { diagnostics?: unknown }).diagnostics;
      void delivery.flush();
    },
  };
}

function observerFor(
  page: Page,
  manager: ClientManager,
  socket: ClientSocket,
  onInternalError: (error: unknown) => void,
): ConnectionObserver {
  const existing = page.observers.get(manager);
  if (existing) return existing;
  const forget = () => page.observers.delete(manager);
  const observer = createConnectionObserver(manager, socket, page.runtime, onInternalError, forget);
  page.observers.set(manager, observer);
  return observer;
}

/** Sockets that were given the same options object share one queue and so their batches. */
function deliveryFor(page: Page, options: ResolvedOptions, optionsKey: object): Delivery {
  const existing = page.deliveries.get(optionsKey);
  if (existing) return existing;
  const { runtime } = page;
  const sdk: Envelope['sdk'] = { name: 'socket.io-diagnostics', version: SDK_VERSION };
  const delivery = createDelivery({
    sinks: options.sinks,
    runtime,
    origin: {
      sdk,
      ...(options.app && { app: options.app }),
      session: {
        id: options.sessionId ?? page.sessionId,
        startedAt: page.startedAt,
        runtime: {
          kind: runtime.kind,
          engine: runtime.engine,
          ...(runtime.page && { pageScheme: runtime.page.scheme, pageHost: runtime.page.host }),
        },
        ...(options.attributes && { attributes: options.attributes }),
      },
    },
    onBlocked: () => {
      if (options.console) runtime.warn('the collector cannot be reached; records are kept and tried again later');
    },
  });
  page.deliveries.set(optionsKey, delivery);
  return delivery;
}

/** `configurable`, so that `dispose()` can take it away again; not enumerable, so that nothing of ours is copied or printed along. */
function attach(value: unknown, diagnostics: Diagnostics): void {
  if (typeof value !== 'object' || value === null || 'diagnostics' in value) return;
  try {
    Object.defineProperty(value, 'diagnostics', { configurable: true, enumerable: false, value: diagnostics });
  } catch {
    // A frozen object cannot be given a handle.
  }
}

function isSocket(value: unknown): value is SocketLike {
  const { on, io } = Object(value);
  return typeof on === 'function' && typeof Object(io).on === 'function';
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object')
    return typeof value === 'function' ? 'a function' : `the ${typeof value} ${String(value)}`;
  return typeof (value as { on?: unknown }).on === 'function'
    ? 'an emitter without a Manager in `io`'
    : 'an object without `on` and `io`';
}

/** What an unusable socket gets, so that code which reads `socket.diagnostics` goes on. */
const inertDiagnostics: Diagnostics = {
  on() {},
  off() {},
  current: undefined,
  snapshot: () => ({ state: 'disconnected', namespace: '/', attempt: 0, session: EMPTY_SESSION }),
  check: async () => ({ probes: [] }),
  report: () => ({
    markdown: 'The socket is not watched.\n',
    json: { snapshot: inertDiagnostics.snapshot(), timeline: EMPTY_TIMELINE },
  }),
  flush: async () => true,
  dispose() {},
};

const EMPTY_SESSION: SessionSummary = {
  id: '',
  revision: 0,
  namespace: '/',
  startedAt: '',
  updatedAt: '',
  connected: false,
  upgradeWanted: false,
  reconnects: 0,
  failedAttempts: 0,
  connectedMs: 0,
  longestOutageMs: 0,
  incidents: 0,
};

const EMPTY_TIMELINE: ReturnType<ConnectionObserver['timeline']> = {
  schema: 1,
  runtime: { kind: 'browser', engine: 'unknown' },
  client: { major: 0, version: 'unknown' },
  target: { secure: false, host: '', port: '', path: '', sameOrigin: false },
  options: {
    transports: [],
    upgrade: false,
    withCredentials: false,
    hasExtraHeaders: false,
    hasQuery: false,
    hasAuth: false,
    customParser: false,
    reconnection: false,
    reconnectionAttempts: null,
    timeoutMs: null,
  },
  signals: [],
  droppedSignals: 0,
};
