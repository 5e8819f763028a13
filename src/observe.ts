import mitt from 'mitt';
import type { Diagnosis } from './causes/codes.js';
import { type ConnectionObserver, createConnectionObserver, type LintedMember } from './connection-observer.js';
import type { DiagnosticsRecord } from './delivery/envelope.js';
import { latest } from './diagnosis/latest.js';
import type { LocalHints } from './diagnosis/local-hints.js';
import type { CheckReport, Diagnostics, DiagnosticsEvents, Snapshot } from './diagnostics.js';
import type { Incident } from './incidents/incident.js';
import type { SessionSummary } from './incidents/session-summary.js';
import { createSessionTracker } from './incidents/session-tracker.js';
import type { Judge } from './judge.js';
import { createJudges, type Judges } from './judges.js';
import { type DiagnosticsOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Runtime } from './runtime/runtime.js';
import { createSharedDeliveries, type SharedDeliveries } from './shared-deliveries.js';
import { clientFacts } from './signals/client-facts.js';
import type { ClientManager, ClientSocket, SocketLike } from './signals/client-shapes.js';
import { namespaceOf } from './signals/namespace-of.js';
import type { Signal, SignalBody, SignalOf } from './signals/signal.js';
import { supportBundle } from './support-bundle.js';
import { usageChecks } from './usage-checks.js';

export type WithDiagnostics = <T extends SocketLike>(
  socket: T,
  options?: DiagnosticsOptions,
) => T & { readonly diagnostics: Diagnostics };

/** Its own callers in the SDK name themselves, so that the frame before them is the app's. */
type CallableWithDiagnostics = WithDiagnostics &
  ((socket: unknown, options?: DiagnosticsOptions, calledBy?: unknown) => unknown);

/** One SDK in one runtime: what is shared by all sockets of a page or process. */
interface Page {
  readonly runtime: Runtime;
  readonly judges: Judges;
  readonly observers: WeakMap<object, ConnectionObserver>;
  readonly deliveries: SharedDeliveries;
  /** What the developer was told already. */
  readonly told: Set<string>;
  /** Made with the first socket whose use is checked. */
  lint?: Pick<LintedMember, 'checks' | 'register'>;
}

/** What happens to a page when it can send again. */
const AWAKE: readonly string[] = ['visible', 'returned', 'resumed', 'online'];

/**
 * Makes `withDiagnostics` for a runtime; nothing is touched before its first call.
 *
 * @param judge the judge itself, or what loads it when a socket fails for the first time
 */
export function createWithDiagnostics<R extends Runtime>(
  createRuntime: () => R,
  judge: Judge<R> | (() => Promise<Judge<R>>),
): WithDiagnostics {
  let page: Page | undefined;
  const withDiagnostics = ((socket, options, calledBy) => {
    try {
      page ??= openPage(createRuntime(), createJudges(judge));
      return wrap(page, socket, options, [calledBy, withDiagnostics]);
    } catch (error) {
      // Whatever goes wrong in here must not reach the app.
      if (page) tellOnce(page, 'not watched', `the socket is not watched: ${textOf(error)}`, true);
      return attach(socket, inertDiagnostics);
    }
  }) as CallableWithDiagnostics;
  return withDiagnostics;
}

function openPage(runtime: Runtime, judges: Judges): Page {
  return {
    runtime,
    judges,
    observers: new WeakMap(),
    deliveries: createSharedDeliveries(runtime, {
      id: runtime.uuid(),
      startedAt: new Date(runtime.now()).toISOString(),
    }),
    told: new Set(),
  };
}

function wrap(page: Page, value: unknown, given: DiagnosticsOptions | undefined, callers: readonly unknown[]): unknown {
  const misuse = (message: string) => {
    if (page.runtime.isDevelopment()) tellOnce(page, message, message);
  };
  if (!isSocket(value)) {
    misuse(`withDiagnostics(socket): expected a socket of socket.io-client 1.x to 4.x, got ${nameOf(value)}`);
    return attach(value, inertDiagnostics);
  }
  if ((value as { diagnostics?: unknown }).diagnostics) return value;
  const socket = value as unknown as ClientSocket;
  if (!Object.isExtensible(socket)) {
    misuse('withDiagnostics(socket): the socket is frozen, sealed or not extensible, so it cannot be watched');
    return attach(value, inertDiagnostics);
  }
  const options = resolveOptions(given, misuse);
  return attach(value, watch(page, socket, options, given ?? {}, options.lint ? lintFor(page, callers) : undefined));
}

/** Nothing in a production build. */
function lintFor(page: Page, callers: readonly unknown[]): LintedMember | undefined {
  const checks = page.lint?.checks ?? usageChecks();
  if (!checks) return undefined;
  page.lint ??= { checks, register: checks.createConnectionRegister() };
  return { ...page.lint, madeAt: checks.appFrame(...callers) };
}

function watch(
  page: Page,
  socket: ClientSocket,
  options: ResolvedOptions,
  given: object,
  lint: LintedMember | undefined,
): Diagnostics {
  const { runtime } = page;
  const namespace = namespaceOf(socket);
  const events = mitt<DiagnosticsEvents>();
  const guards = new WeakMap<object, (told: unknown) => void>();
  const { now, monotonicMs, uuid } = runtime;
  const tracker = createSessionTracker({ now, monotonicMs, uuid, namespace, found: foundAs(socket) });
  const isSampled = runtime.random() < options.sampleRate;
  const delivery = page.deliveries.join(options, given);
  let isDisposed = false;
  let isGone = false;

  const onInternalError = (error: unknown) => {
    delivery.drop('internal-error');
    tellOnce(page, 'internal error', `an internal error was counted, please report it: ${textOf(error)}`, true);
  };
  /** For what the app calls: it gets what can be given, never an exception. */
  const safely = <T>(action: () => T, otherwise: () => T): T => {
    try {
      return action();
    } catch (error) {
      onInternalError(error);
      return otherwise();
    }
  };
  const emit = <E extends keyof DiagnosticsEvents>(event: E, told: DiagnosticsEvents[E]) => events.emit(event, told);
  // A mistake in the app's own callback: told once where its developer looks, kept away from Socket.IO.
  const onMistake = (name: string, error: unknown) => tellOnce(page, name, `${name} threw: ${textOf(error)}`);
  const call = (name: string, callback: () => unknown) => {
    try {
      const returned = callback();
      if (isThenable(returned)) returned.then(undefined, (error) => onMistake(name, error));
    } catch (error) {
      onMistake(name, error);
    }
  };

  const deliver = (record: DiagnosticsRecord, isUrgent: boolean) => {
    if (options.sinks.length === 0) return;
    let sent: DiagnosticsRecord | null = record;
    if (options.beforeSend) {
      sent = null;
      // A copy: what it changes must not change what is shown, nor what the next answer is compared with.
      const copy = JSON.parse(JSON.stringify(record)) as DiagnosticsRecord;
      call('options.beforeSend', () => {
        const returned: unknown = options.beforeSend?.(copy);
        if (isThenable(returned)) {
          returned.then(undefined, () => {});
          throw new TypeError('it returned a promise; it must return the record or null');
        }
        sent = (returned as DiagnosticsRecord | null) ?? null;
      });
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
    ...(lint && { lint }),
    onSignal(signal) {
      tracker.see(signal);
      if (signal.kind === 'attempt-started') emit('attempt', { attempt: observer.attempt });
      if (signal.kind === 'engine-opened' || signal.kind === 'upgraded')
        emit('transport', { transport: signal.transport });
      if (signal.kind === 'upgraded' || (signal.kind === 'connected' && signal.namespace === namespace)) tellSession();
      if (signal.kind === 'disconnected' && signal.namespace === namespace && signal.reason === 'io client disconnect')
        tellSession('app');
      followPage(signal);
    },
    onIncident(incident, change, isOwner) {
      // Information and what bites later are no failure of the session.
      const isFailure = incident.phase !== 'usage' && incident.diagnosis.severity !== 'info';
      if (change === 'opened' && isFailure) tracker.countIncident();
      emit('incident', { incident: incident as Incident<Diagnosis>, change });
      if (isOwner) deliver({ ...incident, kind: 'incident' }, true);
      if (change !== 'changed') tellSession();
    },
    onDiagnosis(diagnosis, incident) {
      const told = { diagnosis: diagnosis as Diagnosis, incident: incident as Incident<Diagnosis> };
      emit('diagnosis', told);
      if (options.onDiagnosis) call('options.onDiagnosis', () => options.onDiagnosis?.(told));
      if (diagnosis.severity === 'info') return;
      if (options.console === true || (options.console === 'dev' && runtime.isDevelopment())) {
        runtime.warn(
          `${diagnosis.certainty} ${diagnosis.code}: ${diagnosis.title}. ${hintsText(diagnosis.local)}${diagnosis.docs}`,
        );
      }
    },
  });

  function followPage(signal: SignalBody): void {
    if (signal.kind === 'connected') delivery.wake();
    if (signal.kind !== 'page') return;
    const isLeft = signal.event === 'left';
    // A page that is left is told to be hidden after that: the session has ended, and that stays its last word.
    if (isLeft || (signal.event === 'hidden' && !isGone)) tellSession(isLeft ? 'page' : undefined);
    if (isLeft || signal.event === 'hidden' || signal.event === 'frozen') delivery.leaving(isLeft);
    const isAwake = AWAKE.includes(signal.event);
    if (isAwake) delivery.wake();
    isGone = isLeft || (isGone && !isAwake);
  }

  const snapshot = (): Snapshot => {
    const { signals } = observer.timeline();
    const handshake = latest(signals.filter((signal): signal is SignalOf<'handshake'> => signal.kind === 'handshake'));
    const incident = observer.current(namespace) as Incident<Diagnosis> | undefined;
    const transport = socket.io.engine?.transport?.name;
    return {
      state: socket.connected ? 'connected' : isTrying(socket, signals) ? 'connecting' : 'disconnected',
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
      if (typeof listener !== 'function') {
        const message = `diagnostics.on('${event}', listener): expected a function, got a ${typeof listener}`;
        if (runtime.isDevelopment()) tellOnce(page, message, message);
        return;
      }
      // One for each listener, whatever it is registered for: `off` must find it again.
      const known = guards.get(listener);
      const guard =
        known ?? ((told: unknown) => call('a listener of diagnostics', () => listener(told as DiagnosticsEvents[E])));
      guards.set(listener, guard);
      events.on(event, guard);
    },
    off<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void) {
      const guard = guards.get(listener);
      if (guard) events.off(event, guard);
    },
    get current() {
      return safely(
        () => observer.current(namespace) as Incident<Diagnosis> | undefined,
        () => undefined,
      );
    },
    snapshot: () => safely(snapshot, inertDiagnostics.snapshot),
    async check(): Promise<CheckReport> {
      try {
        const { probes, diagnosis } = await observer.check(probing);
        return { probes, ...(diagnosis && { diagnosis: diagnosis as Diagnosis }) };
      } catch (error) {
        onInternalError(error);
        return { probes: [] };
      }
    },
    report: () => safely(() => supportBundle(snapshot(), observer.timeline()), inertDiagnostics.report),
    flush: () => delivery.flush().catch(() => false),
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      safely(leave, () => {});
      safely(
        () => tellSession('disposed'),
        () => {},
      );
      events.all.clear();
      delete (socket as { diagnostics?: unknown }).diagnostics;
      void delivery.leave();
    },
  };
}

function hintsText(hints: LocalHints | undefined): string {
  const { where, events = [], functions = [] } = hints ?? {};
  const names = [...events.map((name) => `'${name}'`), ...functions.map((name) => `${name}()`)].join(', ');
  return `${names && `It is about ${names}. `}${where === undefined ? '' : `At ${where}. `}`;
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
  const observer = createConnectionObserver(manager, socket, page.runtime, page.judges, onInternalError, forget);
  page.observers.set(manager, observer);
  return observer;
}

/**
 * `configurable`, so that `dispose()` can take it away again; not enumerable, so that nothing of ours is copied or printed along.
 *
 * @returns the value itself, or a view of it with the handle where the value cannot be given one
 */
function attach(value: unknown, diagnostics: Diagnostics): unknown {
  try {
    if (typeof value !== 'object' || value === null || 'diagnostics' in value) return value;
    if (Object.isExtensible(value)) {
      Object.defineProperty(value, 'diagnostics', { configurable: true, enumerable: false, value: diagnostics });
      return value;
    }
    return new Proxy(value, {
      get: (target, key) => (key === 'diagnostics' ? diagnostics : Reflect.get(target, key)),
    });
  } catch {
    return value;
  }
}

/** Writes to the console once for each `key`; with `inDevelopment` not in a production build. */
function tellOnce({ told, runtime }: Page, key: string, message: string, inDevelopment = false): void {
  try {
    if (told.has(key) || (inDevelopment && !runtime.isDevelopment())) return;
    told.add(key);
    runtime.warn(message);
  } catch {
    // Without a console there is nobody to tell.
  }
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'something that cannot be shown';
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof Object(value).then === 'function';
}

function foundAs({ connected, io }: ClientSocket): 'connected' | 'connecting' | 'idle' {
  if (connected) return 'connected';
  const state = io.engine?.readyState;
  return state === 'opening' || state === 'open' ? 'connecting' : 'idle';
}

/** Whether the client goes on by itself. Up to 3.0.4 the socket does not tell, but its Manager and engine do. */
function isTrying({ active, io }: ClientSocket, signals: readonly Signal[]): boolean {
  const turns = signals.filter(({ kind }) => kind === 'attempt-started' || kind === 'reconnect-failed');
  if (latest(turns)?.kind === 'reconnect-failed') return false;
  if (active !== undefined) return active;
  const state = io.engine?.readyState;
  return io.skipReconnect !== true && (io.reconnecting === true || state === 'opening' || state === 'open');
}

function isSocket(value: unknown): value is SocketLike {
  const { on, io } = Object(value);
  return typeof on === 'function' && typeof Object(io).on === 'function';
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return value === undefined ? 'undefined' : `a ${typeof value}`;
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
