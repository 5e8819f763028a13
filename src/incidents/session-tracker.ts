import type { SignalBody } from '../signals/signal.js';
import type { SessionSummary } from './session-summary.js';

export interface SessionTrackerContext {
  now(): number;
  monotonicMs(): number;
  uuid(): string;
  readonly namespace: string;
  /** How the socket was found: if it had connected before, its time to connect cannot be known. */
  readonly found: 'connected' | 'connecting' | 'idle';
}

/** Keeps the figures of one wrapped socket. */
export interface SessionTracker {
  see(signal: SignalBody): void;
  countIncident(): void;
  /** The app gave up: what follows no longer counts as an outage. */
  giveUp(): void;
  summary(ended?: SessionSummary['ended']): SessionSummary;
  /** Counts a revision and returns it. */
  revise(ended?: SessionSummary['ended']): SessionSummary;
}

export function createSessionTracker(context: SessionTrackerContext): SessionTracker {
  const id = context.uuid();
  const startedAt = new Date(context.now()).toISOString();
  let firstAttemptMs = context.found === 'connecting' ? context.monotonicMs() : undefined;
  let revision = 0;
  let timeToConnectMs: number | undefined;
  let timeToUpgradeMs: number | undefined;
  let transport: string | undefined;
  let upgradeWanted = false;
  let connects = 0;
  let failedAttempts = 0;
  /** Several signals report one failed attempt. */
  let hasFailed = false;
  let incidents = 0;
  let connectedSinceMs: number | undefined;
  let connectedMs = 0;
  let lostAtMs: number | undefined;
  let longestOutageMs = 0;

  const summary = (ended?: SessionSummary['ended']): SessionSummary => {
    const now = context.monotonicMs();
    const running = connectedSinceMs === undefined ? 0 : now - connectedSinceMs;
    const outage = lostAtMs === undefined ? 0 : now - lostAtMs;
    return {
      id,
      revision,
      namespace: context.namespace,
      startedAt,
      updatedAt: new Date(context.now()).toISOString(),
      connected: connects > 0,
      ...(timeToConnectMs !== undefined && { timeToConnectMs }),
      ...(timeToUpgradeMs !== undefined && { timeToUpgradeMs }),
      ...(transport !== undefined && { transport }),
      upgradeWanted,
      reconnects: Math.max(0, connects - 1),
      failedAttempts,
      connectedMs: Math.round(connectedMs + running),
      longestOutageMs: Math.round(Math.max(longestOutageMs, outage)),
      incidents,
      ...(ended && { ended }),
    };
  };

  const fail = () => {
    if (!hasFailed) failedAttempts += 1;
    hasFailed = true;
  };
  const endOutage = () => {
    if (lostAtMs !== undefined) longestOutageMs = Math.max(longestOutageMs, context.monotonicMs() - lostAtMs);
    lostAtMs = undefined;
  };

  return {
    see(signal) {
      const now = context.monotonicMs();
      if (signal.kind === 'attempt-started') {
        hasFailed = false;
        if (context.found !== 'connected') firstAttemptMs ??= now;
      }
      // The client reports a beginning only once the WebSocket responds: one that is refused or hangs only has an end.
      if (
        signal.kind === 'upgrade-started' ||
        signal.kind === 'upgrade-overdue' ||
        (signal.kind === 'upgrade-failed' && signal.how !== 'engine-closed')
      ) {
        upgradeWanted = true;
      }
      if (signal.kind === 'upgraded') {
        timeToUpgradeMs ??= signal.afterMs;
        transport = signal.transport;
      }
      // `forced close` is the client's own doing: the app stopped trying, or the attempt took too long, which is reported separately.
      if (signal.kind === 'engine-closed' && !signal.opened && signal.reason !== 'forced close') fail();
      if (!('namespace' in signal) || signal.namespace !== context.namespace) return;
      // A session may start and end before it is connected. A refusal by the server is not a matter of the attempt.
      if (signal.kind === 'connect-error' && signal.source !== 'server') fail();
      if (signal.kind === 'connected') {
        connects += 1;
        transport = signal.transport;
        if (connects === 1 && firstAttemptMs !== undefined) timeToConnectMs = Math.round(now - firstAttemptMs);
        connectedSinceMs = now;
        endOutage();
      }
      if (signal.kind === 'disconnected') {
        if (connectedSinceMs !== undefined) connectedMs += now - connectedSinceMs;
        connectedSinceMs = undefined;
        if (signal.hadConnected && signal.reason !== 'io client disconnect') lostAtMs = now;
      }
    },
    countIncident() {
      incidents += 1;
    },
    giveUp: endOutage,
    summary,
    revise(ended) {
      revision += 1;
      return summary(ended);
    },
  };
}
