import type { ErrorFacts } from '../signals/error-facts.js';
import type { ConnectSent, ProbeName, Signal, SignalKind, SignalOf } from '../signals/signal.js';
import type { FailureScope, Timeline } from '../signals/timeline.js';
import type { UsageFact, UsageOf } from '../signals/usage.js';
import { BLOCKED_BY_POLICY } from './blocked-by-policy.js';
import { latest } from './latest.js';
import { websocketEnd } from './websocket-end.js';

/**
 * The only thing that a rule may read: the timeline and views of it that do not depend on any cause. Each view is `undefined` if the
 * failure being judged is not of its kind, so a rule that starts from a view is never asked about another phase.
 */
export interface Facts extends Omit<Timeline, 'about'> {
  readonly about: FailureScope;
  /** All signals of a kind, including those from before the failure. */
  all<K extends SignalKind>(kind: K): readonly SignalOf<K>[];
  /** The latest signal of a kind, including those from before the failure. */
  last<K extends SignalKind>(kind: K): SignalOf<K> | undefined;
  /** Signals of a kind since the failure began. */
  during<K extends SignalKind>(kind: K): readonly SignalOf<K>[];
  /** The latest result of a probe that was sent since the failure began; none if it was blocked within the page. */
  probe(name: ProbeName): SignalOf<'probe'> | undefined;
  /** The latest failed attempt to connect; in an outage, also of the reconnection. */
  readonly connecting: ConnectFailure | undefined;
  /** The end of a connection that had been open. */
  readonly closing: Closing | undefined;
  /** The upgrade that failed or is overdue. */
  readonly upgrading: SignalOf<'upgrade-failed'> | SignalOf<'upgrade-overdue'> | undefined;
  /** The server's refusal of one namespace. */
  readonly refusal: SignalOf<'connect-error'> | undefined;
  /** The latest fact of this kind about how the app uses the socket; none while a failure is being judged. */
  usage<F extends UsageFact['fact']>(fact: F): (SignalOf<'usage'> & UsageOf<F>) | undefined;
  /** A session that opened, and a namespace in it that neither connected nor was refused. */
  readonly unanswered: Unanswered | undefined;
}

export interface Unanswered {
  readonly signal: SignalOf<'connect-overdue'> | SignalOf<'disconnected'>;
  readonly namespace: string;
  /** How the CONNECT packet had left. */
  readonly sent: ConnectSent;
  /** Milliseconds from the engine's opening to the signal. */
  readonly waitedMs: number;
  /** How the session ended in the meantime; `orderly` for a close by the server. */
  readonly ended: 'orderly' | 'parse error' | 'other' | undefined;
  /** The signals of all attempts with the same outcome, including the current one. */
  readonly alike: readonly (SignalOf<'connect-overdue'> | SignalOf<'disconnected'>)[];
}

export interface ConnectFailure {
  readonly signal: SignalOf<'connect-error'> | SignalOf<'engine-closed'> | SignalOf<'transport-unopened'>;
  readonly error: ErrorFacts;
  /** The client's own time limit ended the attempt. */
  readonly timedOut: boolean;
  readonly transport: string;
  /** The handshake of this attempt, if there was one. */
  readonly handshake: SignalOf<'handshake'> | undefined;
  /** Nothing of the response could be read, not even whether there was one. */
  readonly blind: boolean;
  /** Node and React Native: the connection was accepted and then ended without a response. */
  readonly cut: boolean;
  /** Node and React Native: a system or TLS error says that no connection was established. */
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
  /**
   * The client ended it by itself because the browser said that there was no network: neither the server nor anything in between closed it.
   */
  readonly byOffline: boolean;
  /** The first `connected` after it. */
  readonly reconnected: SignalOf<'connected'> | undefined;
}

/** The failure assumed when looking at a timeline without one. */
const NO_FAILURE: FailureScope = { phase: 'connect', namespace: '/', since: 0 };

export function createFacts(timeline: Timeline): Facts {
  const about = timeline.about ?? NO_FAILURE;
  const { signals } = timeline;
  const all = <K extends SignalKind>(kind: K) =>
    signals.filter((signal): signal is SignalOf<K> => signal.kind === kind);
  const during = <K extends SignalKind>(kind: K) => all(kind).filter((signal) => signal.at >= about.since);
  const failures = withoutBrowsersOwnWait(
    during('connect-error').filter(({ source }) => source !== 'server'),
    during('probe').filter(({ websocket }) => websocket?.result === 'rejected'),
    timeline.runtime,
  );
  const isOutage = about.phase === 'connect' || about.phase === 'session';
  const askedSince = Math.max(about.askedSince ?? LONG_AGO, isOutage ? presentSince(failures) : LONG_AGO);
  const base = {
    ...timeline,
    about,
    all,
    during,
    last: <K extends SignalKind>(kind: K) => latest(all(kind)),
    probe: (name: ProbeName) =>
      latest(
        during('probe').filter(
          (probe) =>
            probe.name === name && probe.at - probe.durationMs >= askedSince && probe.why !== BLOCKED_BY_POLICY,
        ),
      ),
  };
  const connecting = isOutage ? findConnectFailure(base, latest(failures)) : undefined;
  return {
    ...base,
    connecting,
    closing: about.phase === 'session' ? findClosing(base, connecting) : undefined,
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
    unanswered: about.phase === 'connect' || about.phase === 'namespace' ? findUnanswered(base) : undefined,
  };
}

const LONG_AGO = Number.NEGATIVE_INFINITY;

/**
 * When attempts started to fail as the latest one did, after others that had failed in another way. Earlier probes were about another state
 * of the world: a server that has gone since, or a gateway that has appeared. If two ways of failing alternate twice, they count as one
 * state that fails in two ways.
 */
function presentSince(failures: readonly SignalOf<'connect-error'>[]): number {
  const present = latest(failures);
  const isAlike = ({ error, source, transport }: SignalOf<'connect-error'>) =>
    source === present?.source &&
    transport === present.transport &&
    error.status === present.error.status &&
    error.code === present.error.code;
  const turns: [first: Failed, ...others: Failed[]][] = [];
  for (const failure of failures) {
    const turn = latest(turns);
    if (turn && isAlike(turn[0]) === isAlike(failure)) turn.push(failure);
    else turns.push([failure]);
  }
  const inTurn = turns.slice(turns.map(({ length }) => length > LONGEST_TURN).lastIndexOf(true) + 1);
  const [first] = (inTurn.length < MIN_TURNS ? latest(turns) : inTurn[0]) ?? [];
  // Both times are rounded.
  return first && first !== failures[0] ? first.at - 1 : LONG_AGO;
}

type Failed = SignalOf<'connect-error'>;

/** There, elsewhere, back, and elsewhere again. */
const MIN_TURNS = 4;
/** More failures of the same kind in a row than this are not an alternation. */
const LONGEST_TURN = 5;

type Views = Pick<Facts, 'all' | 'during' | 'signals' | 'about'>;

/**
 * After failed WebSockets, Firefox waits before it tries the same address again, 0.2 s at first and half as long again each time, and
 * Chromium waits up to 5 s after a dozen: from here on, the client's time limit can pass without anything having been tried (measured with
 * limits of 1.5 and 2 s in Firefox). The SDK's own WebSockets count as the client's do.
 */
const WAITS_AFTER_FAILURES = 4;

/** If a browser may simply have held attempts back, their time limits say nothing about the server. */
function withoutBrowsersOwnWait(
  told: readonly SignalOf<'connect-error'>[],
  asked: readonly SignalOf<'probe'>[],
  { kind, engine }: Timeline['runtime'],
): readonly SignalOf<'connect-error'>[] {
  if (kind === 'node' || engine === 'webkit') return told;
  const failed = [
    ...told.filter(({ source, transport }) => source !== 'timeout' && transport === 'websocket'),
    ...asked,
  ];
  return told.filter(
    ({ source, transport, at }) =>
      source !== 'timeout' ||
      transport !== 'websocket' ||
      failed.filter((one) => one.at < at).length < WAITS_AFTER_FAILURES,
  );
}

function findConnectFailure(
  { all, during }: Views,
  told: SignalOf<'connect-error'> | undefined,
): ConnectFailure | undefined {
  // A websocket-only engine that is closed before its handshake notifies only its own `close` listeners, and sockets up to 2.x say nothing
  // about a request that fails between the handshake and their connection.
  const hasConnected = (attempt: number) => all('connected').some((connected) => connected.attempt === attempt);
  const silent = latest(
    during('engine-closed').filter(
      ({ opened, reason, attempt }) =>
        reason !== 'forced close' && (!opened || (reason === 'transport error' && !hasConnected(attempt))),
    ),
  );
  const unopened = latest(during('transport-unopened').filter(({ missing }) => missing !== undefined));
  const signal = latestAttempt([unopened, told, silent]);
  if (!signal) return undefined;
  const own = 'error' in signal && signal.error ? signal.error : { message: 'other' as const };
  // If several transports were tried, the last one is reported; what a response over HTTP said is worth more.
  const fallbacks = all('transport-failed').filter((failed) => failed.attempt === signal.attempt);
  const isPolling = signal.transport === 'polling' && signal.kind !== 'transport-unopened';
  const earlier = isPolling ? undefined : (fallbacks.find(({ transport }) => transport === 'polling') ?? fallbacks[0]);
  const merged: ErrorFacts = earlier ? earlier.error : { ...errorOfEngine(all, signal.attempt), ...own };
  const isCut = merged.code === 'ECONNRESET' || merged.code === 'EPIPE' || merged.platform === 'reset';
  return {
    signal,
    error: merged,
    timedOut: !earlier && signal.kind === 'connect-error' && (signal.source === 'timeout' || isGivenUp(all, signal)),
    transport: (earlier ?? signal).transport ?? 'unknown',
    handshake: latest(all('handshake').filter((handshake) => handshake.attempt === signal.attempt)),
    blind:
      !merged.status &&
      !merged.code &&
      !merged.platform &&
      !merged.body &&
      !merged.notSent &&
      merged.message !== 'v2 server' &&
      merged.message !== 'No transports available' &&
      // If one was tried before it, the failure of that one is reported.
      (signal.kind !== 'transport-unopened' || earlier !== undefined),
    cut: isCut,
    systemError:
      !isCut && (merged.platform !== undefined || (merged.code !== undefined && !merged.code.startsWith('WS_ERR'))),
  };
}

/**
 * In Node, clients up to 4.5 close a WebSocket that is still opening before they report that their time is up, and what `ws` says about
 * that comes first: only the engine learns about the time limit.
 */
function isGivenUp(all: Facts['all'], { attempt, transport, error }: SignalOf<'connect-error'>): boolean {
  if (transport !== 'websocket' || error.message !== 'websocket error' || error.status || error.code) return false;
  return all('engine-failed').some((failed) => failed.attempt === attempt && failed.error.message === 'timeout');
}

/** The signal that reports the latest attempt; of one attempt, the first signal, which says more. */
function latestAttempt<T extends Signal>(signals: readonly (T | undefined)[]): T | undefined {
  let found: T | undefined;
  for (const signal of signals) if (signal && signal.attempt > (found?.attempt ?? -1)) found = signal;
  return found;
}

/**
 * If there was no response at all, the XMLHttpRequest of some clients sets 503 in Node (see http-answer.ts). A system error next to it
 * gives that away, and so does an address that refuses connections right after: a server that has responded does not do that.
 */
function withoutInvented({ status, ...error }: ErrorFacts, next: ConnectFailure | undefined): ErrorFacts {
  const isInvented = status === 503 && (error.code !== undefined || next?.error.code === 'ECONNREFUSED');
  return { ...error, ...(status !== undefined && { status: isInvented ? 0 : status }) };
}

function errorOfEngine(all: Facts['all'], attempt: number): ErrorFacts | undefined {
  return latest(all('engine-failed').filter((failed) => failed.attempt === attempt))?.error;
}

function findClosing({ all, during }: Views, connecting: ConnectFailure | undefined): Closing | undefined {
  // `forced close` is the client's own doing.
  const signal = during('engine-closed').find((closed) => closed.opened && closed.reason !== 'forced close');
  if (!signal) return undefined;
  // engine.io-client closes on the event itself, so both carry the same moment in either order, and then closes the WebSocket cleanly.
  const byOffline = all('page').some(({ event, at }) => event === 'offline' && Math.abs(at - signal.at) <= 50);
  return {
    signal,
    byOffline,
    reason: signal.reason,
    transport: signal.transport,
    ...(byOffline ? { closeCode: undefined, wasClean: undefined } : websocketEnd(all('websocket-closed'), signal)),
    // Clients up to 2.x show the body of a response to the engine only, and those before 4.5 the code of a system error.
    error: signal.error && withoutInvented({ ...errorOfEngine(all, signal.attempt), ...signal.error }, connecting),
    handshake: all('handshake').find((handshake) => handshake.attempt === signal.attempt),
    hadConnected: all('connected').some((connected) => connected.attempt === signal.attempt),
    reconnected: during('connected').find((connected) => connected.attempt > signal.attempt),
  };
}

function findUnanswered({ all, during, about }: Views): Unanswered | undefined {
  const isOwn = ({ namespace }: { namespace: string }) => about.phase === 'connect' || namespace === about.namespace;
  const alike = [
    ...during('connect-overdue').filter(isOwn),
    ...during('disconnected').filter((signal) => isOwn(signal) && signal.sent !== undefined),
  ].sort((a, b) => a.at - b.at);
  const signal = latest(alike);
  if (!signal) return undefined;
  // What came later is now the question: a response, or a connection that fails before it opens.
  const isOver = (later: { readonly attempt: number; readonly at: number }) =>
    later.attempt > signal.attempt || later.at > signal.at;
  const failed = during('connect-error').filter(({ source }) => source !== 'server');
  // A connection on a later attempt ends the outage, and what had prevented the earlier ones stays what it was.
  const answered = [
    ...all('connected').filter(({ attempt }) => attempt === signal.attempt),
    ...all('connect-error').filter(({ source }) => source === 'server'),
  ];
  if (failed.some(isOver) || answered.some((one) => one.namespace === signal.namespace && isOver(one)))
    return undefined;
  // A server of an older protocol connects in a format that the client does not accept.
  const told = all('connect-error').find(({ attempt }) => attempt === signal.attempt);
  if (told && told.source !== 'server') return undefined;
  const opened = all('engine-opened').find(({ attempt }) => attempt === signal.attempt);
  return {
    signal,
    namespace: signal.namespace,
    sent: signal.sent ?? 'unknown',
    waitedMs: signal.kind === 'connect-overdue' ? signal.afterMs : signal.at - (opened?.at ?? signal.at),
    ended: endOf(signal, all),
    alike,
  };
}

function endOf(signal: Unanswered['signal'], all: Views['all']): Unanswered['ended'] {
  if (signal.kind === 'connect-overdue') return undefined;
  if (signal.reason === 'parse error') return 'parse error';
  if (signal.reason !== 'transport close') return 'other';
  const closed = all('engine-closed').find(({ attempt }) => attempt === signal.attempt);
  if (!closed) return 'other';
  // Over polling, only a close packet by the server ends a session this way (engine.io-client lib/transports/polling.ts).
  if (closed.transport === 'polling') return closed.error ? 'other' : 'orderly';
  const { closeCode } = websocketEnd(all('websocket-closed'), closed);
  // 1001 is what gateways send when they go away; no Socket.IO server ends a single session with it.
  return closeCode === 1000 || closeCode === 1005 ? 'orderly' : 'other';
}
