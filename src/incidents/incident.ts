import type { AnyDiagnosis } from '../diagnosis/diagnosis.js';
import type { Certainty, Phase } from '../diagnosis/rule.js';
import type { Timeline } from '../signals/timeline.js';

/** One failure story, from the first error to recovery or end. An outage with 700 attempts is one incident. */
export interface Incident<D = AnyDiagnosis> {
  /** UUID. */
  readonly id: string;
  /** Counts from 1; the store keeps the highest. */
  readonly revision: number;
  readonly phase: Phase;
  /** `abandoned`: the page left, the app disconnected or `dispose()` was called while it was open. */
  readonly status: 'open' | 'resolved' | 'abandoned';
  /** ISO 8601, by the clock of the device. */
  readonly openedAt: string;
  readonly updatedAt: string;
  /** Absent while open. */
  readonly closedAt?: string;
  /** Connection attempts that failed since it opened. */
  readonly failedAttempts: number;
  /** Engine.IO transport in use when it opened. */
  readonly transport?: string;
  readonly namespace: string;
  readonly diagnosis: D;
  /** No question is pending: the answer will only change with new events. */
  readonly settled: boolean;
  /** Earlier best answers, oldest first. */
  readonly history: readonly { readonly code: string; readonly certainty: Certainty; readonly at: string }[];
  readonly timeline: Timeline;
}
