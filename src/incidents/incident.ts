import type { AnyDiagnosis } from '../diagnosis/diagnosis.js';
import type { Certainty, Phase } from '../diagnosis/rule.js';
import type { Timeline } from '../signals/timeline.js';

/**
 * One failure, from the first error to recovery or end. An outage with 700 attempts is one incident, and so is a connection that breaks
 * again within two minutes of its recovery, however often: it reopens under the same id, and from then on it counts as resolved only once
 * it has held for two minutes. Such repetitions are reported when there have been 1, 2, 4, 8 of them and so on, and at the end.
 */
export interface Incident<D = AnyDiagnosis> {
  /** UUID. */
  readonly id: string;
  /** Counts from 1; the store keeps the highest. */
  readonly revision: number;
  readonly phase: Phase;
  /** `abandoned`: the page was left, the app disconnected or `dispose()` was called while it was open. */
  readonly status: 'open' | 'resolved' | 'abandoned';
  /** ISO 8601, by the device's clock. */
  readonly openedAt: string;
  readonly updatedAt: string;
  /** When it recovered or was abandoned; absent while open. */
  readonly closedAt?: string;
  /** Connection attempts that have failed since it opened. */
  readonly failedAttempts: number;
  /** How often it broke again shortly after it had recovered; absent if it never did. */
  readonly recurrences?: number;
  /** Engine.IO transport in use when it opened. */
  readonly transport?: string;
  readonly namespace: string;
  readonly diagnosis: D;
  /** No probe is pending: the diagnosis will change only with new events. */
  readonly settled: boolean;
  /** Earlier best diagnoses, oldest first; if there are many, the first five and the last fifteen. */
  readonly history: readonly { readonly code: string; readonly certainty: Certainty; readonly at: string }[];
  readonly timeline: Timeline;
}

/** What a revision reports. `reopened`: it had been reported as resolved and broke again shortly after. */
export type IncidentChange = 'opened' | 'changed' | 'resolved' | 'reopened' | 'abandoned';
