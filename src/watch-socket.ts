import mitt from 'mitt';
import type { Diagnosis } from './causes/codes.js';
import { type ConnectionObserver, createConnectionObserver, type LintedMember } from './connection-observer.js';
import type { DiagnosticsRecord } from './delivery/envelope.js';
import { latest } from './diagnosis/latest.js';
import type { CheckReport, Diagnostics, DiagnosticsEvents, Snapshot } from './diagnostics.js';
import { hideTokens } from './hide-tokens.js';
import type { Incident } from './incidents/incident.js';
import type { SessionSummary } from './incidents/session-summary.js';
import { createSessionTracker } from './incidents/session-tracker.js';
import { inertDiagnostics } from './inert-diagnostics.js';
import type { ResolvedOptions } from './options.js';
import { type Page, tellMisuse, tellOnce } from './page.js';
import { clientFacts } from './signals/client-facts.js';
import type { ClientManager, ClientSocket } from './signals/client-shapes.js';
import { namespaceOf } from './signals/namespace-of.js';
import type { Signal, SignalBody, SignalOf } from './signals/signal.js';
import { supportBundle } from './support-bundle.js';
import { textOf } from './text-of.js';

/** What happens to a page when it can send again. */
const AWAKE: readonly string[] = ['visible', 'returned', 'resumed', 'online'];

/** Watches one socket: what its handle reports, sends and returns. */
export function watchSocket(
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
  /** For calls by the app: it gets whatever can be returned, never an exception. */
  const safely = <T>(action: () => T, otherwise: () => T): T => {
    try {
      return action();
    } catch (error) {
      onInternalError(error);
      return otherwise();
    }
  };
  const emit = <E extends keyof DiagnosticsEvents>(event: E, told: DiagnosticsEvents[E]) => events.emit(event, told);
  // A mistake in the app's own callback: reported once where its developer looks, and kept away from Socket.IO.
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
    const hidden = hideTokens(record);
    let sent: DiagnosticsRecord | null = hidden;
    if (options.beforeSend) {
      sent = null;
      // A copy: what it changes must change neither what is shown nor what the next diagnosis is compared with.
      const copy = JSON.parse(JSON.stringify(hidden)) as DiagnosticsRecord;
      call('options.beforeSend', () => {
        const returned: unknown = options.beforeSend?.(copy);
        if (isThenable(returned)) returned.then(undefined, () => {});
        const what = isThenable(returned) ? 'a promise' : typeof returned;
        // `undefined` means that the `return` was forgotten, which would otherwise silently hold everything back.
        if (what !== 'object') throw new TypeError(`it returned ${what}; it must return the record or null`);
        sent = returned as DiagnosticsRecord | null;
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
      // Information and usage mistakes are no failures of the session.
      const isFailure = incident.phase !== 'usage' && incident.diagnosis.severity !== 'info';
      if (change === 'opened' && isFailure) tracker.countIncident();
      if (change === 'abandoned') tracker.giveUp();
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
        const hints = lint?.checks.hintsText(diagnosis.local) ?? '';
        runtime.warn(`${diagnosis.certainty} ${diagnosis.code}: ${diagnosis.title}. ${hints}${diagnosis.docs}`);
      }
    },
  });

  function followPage(signal: SignalBody): void {
    if (signal.kind === 'connected') delivery.wake();
    if (signal.kind !== 'page') return;
    const isLeft = signal.event === 'left';
    // A page that is left is reported as hidden after that: the session has ended, and that remains its last word.
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
        tellMisuse(page, 'noListener', event, listener);
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
    report: () => safely(() => hideTokens(supportBundle(snapshot(), observer.timeline())), inertDiagnostics.report),
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

function observerFor(
  page: Page,
  manager: ClientManager,
  socket: ClientSocket,
  onInternalError: (error: unknown) => void,
): ConnectionObserver {
  const existing = page.observers.get(manager);
  if (existing) return existing;
  const forget = () => page.observers.delete(manager);
  const observer = createConnectionObserver(manager, socket, page, onInternalError, forget);
  page.observers.set(manager, observer);
  return observer;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof Object(value).then === 'function';
}

function foundAs({ connected, io }: ClientSocket): 'connected' | 'connecting' | 'idle' {
  if (connected) return 'connected';
  const state = io.engine?.readyState;
  return state === 'opening' || state === 'open' ? 'connecting' : 'idle';
}

/** Whether the client continues by itself. Up to 3.0.4 the socket does not say so, but its Manager and engine do. */
function isTrying({ active, io }: ClientSocket, signals: readonly Signal[]): boolean {
  const turns = signals.filter(({ kind }) => kind === 'attempt-started' || kind === 'reconnect-failed');
  if (latest(turns)?.kind === 'reconnect-failed') return false;
  if (active !== undefined) return active;
  const state = io.engine?.readyState;
  return io.skipReconnect !== true && (io.reconnecting === true || state === 'opening' || state === 'open');
}
