import type { ErrorFacts } from '../signals/error-facts.js';
import type { ProbeName, SignalKind, SignalOf } from '../signals/signal.js';
import type { FailureScope, Timeline } from '../signals/timeline.js';
import type { UsageFact, UsageOf } from '../signals/usage.js';
import { latest } from './latest.js';

/**
 * The only thing that a rule may read: the timeline and views of it that do not depend on any cause. Each view is `undefined` where
 * the failure under judgement is not of its kind, so a rule that starts from a view is never asked about another phase.
 */
export interface Facts extends Omit<Timeline, 'about'> {
  readonly about: FailureScope;
  /** All signals of a kind, also from before the failure. */
  all<K extends SignalKind>(kind: K): readonly SignalOf<K>[];
  /** The latest signal of a kind, also from before the failure. */
  last<K extends SignalKind>(kind: K): SignalOf<K> | undefined;
  /** Signals of a kind since the failure began. */
  during<K extends SignalKind>(kind: K): readonly SignalOf<K>[];
  /** The latest answer to a question that was asked since the failure began. */
  probe(name: ProbeName): SignalOf<'probe'> | undefined;
  /** The latest failed attempt to connect, in an outage also of the reconnection. */
  readonly connecting: ConnectFailure | undefined;
  /** The end of a connection that had been open. */
  readonly closing: Closing | undefined;
  /** The upgrade that failed or is overdue. */
  readonly upgrading: SignalOf<'upgrade-failed'> | SignalOf<'upgrade-overdue'> | undefined;
  /** The refusal by the server of one namespace. */
  readonly refusal: SignalOf<'connect-error'> | undefined;
  /** The latest fact of this kind about how the app uses the socket; nothing while a failure is judged. */
  usage<F extends UsageFact['fact']>(fact: F): (SignalOf<'usage'> & UsageOf<F>) | undefined;
}

export interface ConnectFailure {
  readonly signal: SignalOf<'connect-error'> | SignalOf<'engine-closed'>;
  readonly error: ErrorFacts;
  /** The client's own time limit ended the attempt. */
  readonly timedOut: boolean;
  readonly transport: string;
  /** The handshake of this attempt, where there was one. */
  readonly handshake: SignalOf<'handshake'> | undefined;
  /** Nothing of the answer could be read, not even whether there was one. */
  readonly blind: boolean;
  /** Node: the connection was accepted and then ended without an answer. */
  readonly cut: boolean;
  /** Node: a system or TLS error tells that no connection came about. */
  readonly systemError: boolean;
}

export interface Closing {
  readonly signal: SignalOf<'engine-closed'>;
  readonly reason: string;
  readonly transport: string;
  readonly closeCode: number | undefined;
  readonly wasClean: boolean | undefined;
  readonly error: ErrorFacts | undefined;
  /** The handshake of the connection that ended. */
  readonly handshake: SignalOf<'handshake'> | undefined;
  /** The socket had been connected, not only the engine. */
  readonly hadConnected: boolean;
  /** The first `connected` after it. */
  readonly reconnected: SignalOf<'connected'> | undefined;
}

/** Names of the failure under judgement when a timeline without one is looked at. */
const NO_FAILURE: FailureScope = { phase: 'connect', namespace: '/', since: 0 };

export function createFacts(timeline: Timeline): Facts {
  const about = timeline.about ?? NO_FAILURE;
  const { signals } = timeline;
  const all = <K extends SignalKind>(kind: K) =>
    signals.filter((signal): signal is SignalOf<K> => signal.kind === kind);
  const during = <K extends SignalKind>(kind: K) => all(kind).filter((signal) => signal.at >= about.since);
  const base = {
    ...timeline,
    about,
    all,
    during,
    last: <K extends SignalKind>(kind: K) => latest(all(kind)),
    probe: (name: ProbeName) =>
      latest(during('probe').filter((probe) => probe.name === name && probe.at >= (about.askedSince ?? 0))),
  };
  const isOutage = about.phase === 'connect' || about.phase === 'session';
  return {
    ...base,
    connecting: isOutage ? findConnectFailure(base) : undefined,
    closing: about.phase === 'session' ? findClosing(base) : undefined,
    upgrading:
      about.phase === 'upgrade'
        ? (latest(during('upgrade-failed').filter((signal) => signal.how !== 'engine-closed')) ??
          latest(during('upgrade-overdue')))
        : undefined,
    refusal:
      about.phase === 'namespace'
        ? latest(
            during('connect-error').filter(
              (signal) => signal.source === 'server' && signal.namespace === about.namespace,
            ),
          )
        : undefined,
    usage: <F extends UsageFact['fact']>(fact: F) =>
      about.phase === 'usage'
        ? latest(
            all('usage').filter(
              (signal): signal is SignalOf<'usage'> & UsageOf<F> =>
                signal.fact === fact && signal.namespace === about.namespace,
            ),
          )
        : undefined,
  };
}

type Views = Pick<Facts, 'all' | 'during' | 'signals' | 'about'>;

function findConnectFailure({ all, during }: Views): ConnectFailure | undefined {
  const told = latest(during('connect-error').filter((signal) => signal.source !== 'server'));
  // A websocket-only engine that is closed before its handshake tells nobody but its own `close` listeners.
  const silent = latest(during('engine-closed').filter((signal) => !signal.opened && signal.reason !== 'forced close'));
  const signal = told && (!silent || silent.attempt <= told.attempt) ? told : silent;
  if (!signal) return undefined;
  const error = signal.error ?? { message: 'other' as const };
  const engine = latest(all('engine-failed').filter((failed) => failed.attempt === signal.attempt))?.error;
  const merged = { ...engine, ...error };
  const isCut = merged.code === 'ECONNRESET' || merged.code === 'EPIPE';
  return {
    signal,
    error: merged,
    timedOut: signal.kind === 'connect-error' && signal.source === 'timeout',
    transport: signal.transport ?? 'unknown',
    handshake: latest(all('handshake').filter((handshake) => handshake.attempt === signal.attempt)),
    blind: !merged.status && !merged.code && !merged.body && merged.message !== 'v2 server',
    cut: isCut,
    systemError: merged.code !== undefined && !isCut && !merged.code.startsWith('WS_ERR'),
  };
}

function findClosing({ all, during }: Views): Closing | undefined {
  // `forced close` is the client's own act.
  const signal = during('engine-closed').find((closed) => closed.opened && closed.reason !== 'forced close');
  if (!signal) return undefined;
  const socket = all('websocket-closed').find((closed) => closed.attempt === signal.attempt);
  return {
    signal,
    reason: signal.reason,
    transport: signal.transport,
    closeCode: signal.closeCode ?? socket?.closeCode,
    wasClean: signal.wasClean ?? socket?.wasClean,
    error: signal.error,
    handshake: all('handshake').find((handshake) => handshake.attempt === signal.attempt),
    hadConnected: all('connected').some((connected) => connected.attempt === signal.attempt),
    reconnected: during('connected').find((connected) => connected.attempt > signal.attempt),
  };
}
