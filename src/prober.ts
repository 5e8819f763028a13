import { beforeBareWebSocket, isBareWebSocket } from './diagnosis/before-bare-websocket.js';
import { BLOCKED_BY_POLICY } from './diagnosis/blocked-by-policy.js';
import { type Match, nextProbe } from './diagnosis/diagnose.js';
import { latest } from './diagnosis/latest.js';
import type { ProbeContext } from './probes/probe.js';
import { createProbeBudget, type ProbeLimits, type ProbeRound } from './probes/probe-budget.js';
import { probes } from './probes/probes.js';
import type { ProbingRuntime, Runtime } from './runtime/runtime.js';
import type { ClientManager } from './signals/client-shapes.js';
import { pollingHeaderNames } from './signals/polling-header-names.js';
import type { ProbeName, ProbeResult, Signal } from './signals/signal.js';
import type { FailureScope, TargetFacts, Timeline } from './signals/timeline.js';
import { tlsOptions } from './signals/tls-options.js';

export interface ProberContext<R extends Runtime = ProbingRuntime> {
  readonly runtime: R;
  readonly manager: ClientManager;
  /** `undefined` while no socket of the connection permits probes. */
  limits(): ProbeLimits | undefined;
  target(): TargetFacts;
  timeline(): Timeline;
  isKnownSid(sid: string): boolean;
  onInternalError(error: unknown): void;
}

/** Runs the probes for the incidents of one connection, each within its rounds. `Key` is whatever stands for an incident. */
export interface Prober<Key extends object> {
  /** The next probe that is worth running and permitted now. */
  next(key: Key, about: FailureScope, matches: readonly Match[]): ProbeName | undefined;
  /** Runs it, counted towards the incident's round. */
  ask(key: Key, about: FailureScope, name: ProbeName): Promise<ProbeResult | undefined>;
  /** Starts another round once the results of the last one have grown old; true if one has started. */
  renew(key: Key): boolean;
  /** Runs every probe that can be run here, regardless of limits. */
  askAll(about: FailureScope, timeoutMs: number, onAnswer: (answer: ProbeResult) => void): Promise<void>;
  forget(key: Key): void;
}

/** A page learns what its policy blocked in a separate task, after the request has failed (`fetch` in Chromium 156: 1 ms later). */
const VIOLATION_LAG_MS = 20;

/**
 * If a probe's time limit fires this much too late, the page or process was not running: a response that arrived in time would also have
 * waited, so nobody knows.
 */
const LATE_MS = 1_000;

const budget = /* @__PURE__ */ createProbeBudget();

export function createProber<Key extends object>(context: ProberContext): Prober<Key> {
  const { runtime, onInternalError } = context;
  const rounds = new Map<Key, ProbeRound>();
  /** Probes that were queued next to another one and wait to be run. */
  const ahead = new WeakMap<ProbeRound, { readonly name: ProbeName; readonly result: Promise<ProbeResult> }>();
  const host = () => {
    const target = context.target();
    return `${target.host}:${target.port}`;
  };

  function conditions(about: FailureScope, timeoutMs: number): ProbeContext {
    const { client, options, signals } = context.timeline();
    return {
      runtime,
      target: context.target(),
      client,
      options,
      namespace: about.namespace,
      phase: about.phase,
      timeoutMs,
      tls: tlsOptions(context.manager),
      headerNames: pollingHeaderNames(context.manager),
      isKnownSid: context.isKnownSid,
      isClientDialling: () => isDialling(context.timeline()),
      failedWebSockets: signals.filter(isFailedWebSocket).length,
      hungRequests: signals.filter(isHungRequest).length,
    };
  }

  async function put(name: ProbeName, under: ProbeContext): Promise<ProbeResult> {
    const startedMs = runtime.monotonicMs();
    const elapsed = () => Math.round(runtime.monotonicMs() - startedMs);
    try {
      const { timeline } = context;
      const before = [lastViolation(timeline(), 'http'), lastViolation(timeline(), 'ws')] as const;
      const { durationMs: tookMs, ...answer } = await probes[name].ask(under);
      const durationMs = tookMs ?? elapsed();
      const timedOut = answer.http?.result === 'timeout' || answer.websocket?.result === 'timeout';
      // If it reports no time of its own, it was more than one request.
      if (timedOut && tookMs !== undefined && tookMs > under.timeoutMs + LATE_MS)
        return { kind: 'probe', name, answer: 'unknown', why: 'the page or process did not run meanwhile', durationMs };
      // A page may have removed it: nothing was asked, so silence says nothing.
      const missing = runtime.kind !== 'node' && missingMeans(answer, runtime);
      if (missing) return { kind: 'probe', name, answer: 'unknown', why: `there is no ${missing}`, durationMs };
      // The policy need not allow what the client itself never requests, such as WebSocket or another path.
      if ((runtime.kind === 'browser' || runtime.kind === 'worker') && mayBeBlocked(answer)) {
        await new Promise<void>((resolve) => runtime.delay(resolve, VIOLATION_LAG_MS));
        const isBlocked =
          (answer.http && lastViolation(timeline(), 'http') !== before[0]) ||
          (answer.websocket && lastViolation(timeline(), 'ws') !== before[1]);
        if (isBlocked) return { kind: 'probe', name, answer: 'unknown', why: BLOCKED_BY_POLICY, durationMs };
      }
      return { kind: 'probe', name, ...answer, durationMs };
    } catch (error) {
      onInternalError(error);
      return { kind: 'probe', name, answer: 'unknown', why: 'internal error', durationMs: elapsed() };
    }
  }

  return {
    next(key, about, matches) {
      const limits = context.limits();
      if (!limits || runtime.isOnline() === false || runtime.isHidden() || runtime.savesData()) return undefined;
      const round = rounds.get(key) ?? budget.begin(host(), limits);
      if (!round) return undefined;
      rounds.set(key, round);
      const under = conditions(about, limits.timeoutMs);
      const isPossible = (name: ProbeName) => {
        try {
          if (ahead.get(round)?.name === name) return true;
          return probes[name].isPossible(under) && probes[name].cost(under) <= round.requestsLeft;
        } catch (error) {
          onInternalError(error);
          return false;
        }
      };
      const name = nextProbe(matches, round.asked, isPossible);
      const first = name && isBareWebSocket(name) ? beforeBareWebSocket(context.timeline(), about) : undefined;
      if (first === undefined) return name;
      if (first !== 'never' && !round.asked.has(first) && isPossible(first)) return first;
      return nextProbe(matches, round.asked, (other) => !isBareWebSocket(other) && isPossible(other));
    },
    async ask(key, about, name) {
      const round = rounds.get(key);
      const limits = context.limits();
      if (!round || !limits) return undefined;
      const under = conditions(about, limits.timeoutMs);
      round.asked.add(name);
      const early = ahead.get(round);
      if (early?.name === name) return early.result;
      round.requestsLeft -= probes[name].cost(under);
      // If the client waited in vain, each probe may take its whole time limit: the next one is sent at the same time.
      const second = runtime.kind === 'node' ? 'http-handshake' : 'http-reachable';
      if (name === 'websocket-handshake' && hasHung(context.timeline()) && !round.asked.has(second)) {
        const probe = probes[second];
        if (probe.isPossible(under) && probe.cost(under) <= round.requestsLeft) {
          round.requestsLeft -= probe.cost(under);
          ahead.set(round, { name: second, result: put(second, under) });
        }
      }
      return put(name, under);
    },
    renew(key) {
      const previous = rounds.get(key);
      const limits = context.limits();
      const round = previous && limits && budget.begin(host(), limits, previous);
      if (round) rounds.set(key, round);
      return round !== undefined;
    },
    async askAll(about, timeoutMs, onAnswer) {
      const isBare = ({ name }: { readonly name: ProbeName }) => Number(isBareWebSocket(name));
      for (const { name, isPossible } of Object.values(probes).sort((a, b) => isBare(a) - isBare(b))) {
        const under = conditions(about, timeoutMs);
        if (!isPossible(under)) continue;
        // Comes last, when the timeline has the results of all others.
        if (isBareWebSocket(name) && beforeBareWebSocket(context.timeline(), about) === 'never') continue;
        onAnswer(await put(name, under));
      }
    },
    forget: (key) => rounds.delete(key),
  };
}

/** What the probe needed and the runtime does not have. */
function missingMeans(
  { answer, http, websocket }: Pick<ProbeResult, 'answer' | 'http' | 'websocket'>,
  { lacks }: Runtime,
) {
  if (answer === 'yes') return undefined;
  if (http?.result === 'failed' && lacks('fetch')) return 'fetch';
  return websocket?.result === 'threw' && lacks('WebSocket') ? 'WebSocket' : undefined;
}

/** Nothing came back, so it may never have left the page; Firefox and WebKit throw from the WebSocket constructor in that case. */
function mayBeBlocked({ answer, http, websocket }: Pick<ProbeResult, 'answer' | 'http' | 'websocket'>): boolean {
  if (websocket?.result === 'threw') return true;
  return answer === 'no' && (http?.result === 'failed' || websocket?.result === 'rejected');
}

function lastViolation({ signals }: Timeline, scheme: 'http' | 'ws'): Signal | undefined {
  return latest(
    signals.filter(
      (signal) =>
        signal.kind === 'csp-violation' && signal.disposition === 'enforce' && signal.blocked.startsWith(scheme),
    ),
  );
}

function isFailedWebSocket(signal: Signal): boolean {
  return (
    (signal.kind === 'engine-failed' && signal.transport === 'websocket') ||
    signal.kind === 'upgrade-failed' ||
    (signal.kind === 'probe' && signal.websocket?.result === 'rejected')
  );
}

/** An attempt that starts with WebSocket, or an upgrade to it, that has neither succeeded nor failed. */
function isDialling({ signals, options }: Timeline): boolean {
  const begin = options.transports[0] === 'websocket' ? 'attempt-started' : 'upgrade-started';
  const ends: readonly Signal['kind'][] = [
    'engine-opened',
    'engine-failed',
    'engine-closed',
    'upgraded',
    'upgrade-failed',
    'upgrade-overdue',
  ];
  for (const { kind } of [...signals].reverse()) {
    if (kind === begin) return true;
    // A polling engine opens before it starts to upgrade.
    if (ends.includes(kind)) return false;
  }
  return false;
}

/** The latest attempt to connect ended at the client's own time limit. */
function hasHung({ signals }: Timeline): boolean {
  const failed = signals.filter((signal) => signal.kind === 'connect-error');
  return latest(failed)?.source === 'timeout';
}

function isHungRequest(signal: Signal): boolean {
  return signal.kind === 'connect-error' && signal.source === 'timeout' && signal.transport === 'polling';
}
