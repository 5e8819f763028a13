import type { ProbeName } from '../signals/signal.js';

export interface ProbeLimits {
  /** Maximum number of requests in one round. */
  readonly maxPerIncident: number;
  /** Milliseconds between two rounds to the same host. */
  readonly cooldownMs: number;
  /** Limit for one request, in milliseconds. */
  readonly timeoutMs: number;
}

/** The probes of one incident. */
export interface ProbeRound {
  /** Counts the rounds of the incident from 1. */
  readonly number: number;
  readonly asked: Set<ProbeName>;
  requestsLeft: number;
}

/** Keeps all sockets of a page together from probing one host too often. */
export function createProbeBudget(now: () => number = () => Date.now()) {
  const lastRounds = new Map<string, number>();
  return {
    /**
     * A new round, or nothing if the host was probed recently. In a long outage, the results of the last round grow old: another one may
     * follow after twice the time.
     */
    begin(host: string, { maxPerIncident, cooldownMs }: ProbeLimits, previous?: ProbeRound): ProbeRound | undefined {
      const last = lastRounds.get(host);
      const number = (previous?.number ?? 0) + 1;
      const waitMs = cooldownMs * 2 ** Math.max(0, number - 2);
      if (maxPerIncident === 0 || (last !== undefined && now() - last < waitMs)) return undefined;
      lastRounds.set(host, now());
      return { number, asked: new Set(), requestsLeft: maxPerIncident };
    },
  };
}
