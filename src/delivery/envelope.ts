import type { Incident } from '../incidents/incident.js';
import type { SessionSummary } from '../incidents/session-summary.js';
import type { ClientFacts, RuntimeFacts } from '../signals/timeline.js';

/** Version of the wire format: a newer minor version only adds; a collector stores what it does not know. */
export const ENVELOPE_SCHEMA = '1.0';

/** The body of one request to a collector: this object as JSON, at most 60,000 bytes. */
export interface Envelope {
  /** `major.minor`. */
  readonly schema: string;
  readonly sdk: { readonly name: string; readonly version: string };
  readonly app?: AppInfo;
  readonly session: SessionInfo;
  /** UUID of this batch; it stays the same when the batch is sent again. */
  readonly batch: string;
  /** ISO 8601, by the device's clock. */
  readonly sentAt: string;
  /** Records that were not sent, by reason, since the last acknowledged batch. */
  readonly dropped: Partial<Record<DropReason, number>>;
  readonly records: readonly DiagnosticsRecord[];
}

export interface AppInfo {
  readonly name: string;
  readonly release?: string;
  readonly environment?: string;
}

/** Where the records are from: one page load, worker or process. */
export interface SessionInfo {
  /** UUID, or the app's `sessionId`. */
  readonly id: string;
  readonly startedAt: string;
  readonly runtime: SessionRuntime;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** Where a session runs: what its records can be grouped by. */
export interface SessionRuntime extends RuntimeFacts {
  /** Major version of the engine, such as `131`; for WebKit, Safari's. Absent if the platform does not report it. */
  readonly engineVersion?: string | undefined;
  /**
   * As reported by the Network Information API when the batch is sent: `wifi`, `cellular`, `ethernet`, …; if only the speed is estimated,
   * `4g`, `3g`, `2g` or `slow-2g`. Absent in Firefox, Safari, React Native and Node.
   */
  readonly networkType?: string | undefined;
}

export type DiagnosticsRecord = IncidentRecord | SessionRecord;

/** Stored by `(id, revision)`: the highest revision of an id wins. */
export interface IncidentRecord extends Incident {
  readonly kind: 'incident';
}

/** The denominator: also sent for sockets without a failure. */
export interface SessionRecord extends SessionSummary {
  readonly kind: 'session';
  readonly client: ClientFacts;
  /** How many sessions this record stands for: 1 divided by the sample rate at which it was kept. */
  readonly weight: number;
}

/** Why a record was not sent. */
export type DropReason =
  | 'queue-full'
  | 'too-large'
  | 'expired'
  | 'rejected'
  | 'before-send'
  | 'sampled'
  | 'rate-limited'
  | 'storage-full'
  | 'internal-error';

/** A collector's response with a 2xx: how many records are stored, and which were rejected and why. */
export interface CollectorAnswer {
  readonly accepted: number;
  readonly rejected: readonly { readonly index: number; readonly id?: string; readonly reason: string }[];
}
