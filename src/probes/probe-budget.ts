import type { ProbeName } from '../signals/signal.js';

export interface ProbeLimits {
  /** Requests for one incident at most. */
  readonly maxPerIncident: number;
  /** Milliseconds between two rounds to the same host. */
  readonly cooldownMs: number;
  /** Limit for one request, in milliseconds. */
  readonly timeoutMs: number;
}

/** The questions of one incident. */
export interface ProbeRound {
  readonly asked: Set<ProbeName>;
  requestsLeft: number;
}

/** Keeps all sockets of a page together from asking one host too often. */
export function createProbeBudget(now: () => number = () => Date.now()) {
  const lastRounds = new Map<string, number>();
  return {
    /** A new round, or nothing while the host was asked recently. */
    begin(host: string, { maxPerIncident, cooldownMs }: ProbeLimits): ProbeRound | undefined {
      const last = lastRounds.get(host);
      if (maxPerIncident === 0 || (last !== undefined && now() - last < cooldownMs)) return undefined;
      lastRounds.set(host, now());
      return { asked: new Set(), requestsLeft: maxPerIncident };
    },
  };
}
