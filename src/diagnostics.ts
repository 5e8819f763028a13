import type { Diagnosis } from './causes/codes.js';
import type { Incident, IncidentChange } from './incidents/incident.js';
import type { SessionSummary } from './incidents/session-summary.js';
import type { ProbeResult } from './signals/signal.js';
import type { Timeline } from './signals/timeline.js';

/** The events of `diagnostics.on`; each event is one object. */
export type DiagnosticsEvents = {
  /** The best diagnosis of an incident is new or has changed, and no probe is pending. */
  diagnosis: { readonly diagnosis: Diagnosis; readonly incident: Incident<Diagnosis> };
  incident: {
    readonly incident: Incident<Diagnosis>;
    readonly change: IncidentChange;
  };
  /** The transport in use, reported when an engine opens and after an upgrade. */
  transport: { readonly transport: string };
  /** A new engine was created; counts from 1. */
  attempt: { readonly attempt: number };
  session: { readonly session: SessionSummary };
};

/** Everything that is known now, without sending any probes. */
export interface Snapshot {
  readonly state: 'connecting' | 'connected' | 'disconnected';
  readonly namespace: string;
  readonly transport?: string;
  /** Connection attempts so far. */
  readonly attempt: number;
  readonly session: SessionSummary;
  /** What the server announced in its last handshake. */
  readonly handshake?: {
    readonly pingIntervalMs?: number;
    readonly pingTimeoutMs?: number;
    readonly maxPayloadBytes?: number;
  };
  readonly incident?: Incident<Diagnosis>;
}

/** The results of every probe that can be run here, and the diagnosis that follows from them and from what was seen. */
export interface CheckReport {
  readonly probes: readonly ProbeResult[];
  /** Absent if nothing has failed. */
  readonly diagnosis?: Diagnosis;
}

/** A support bundle; it contains no payloads, tokens, headers, queries or session ids. */
export interface SupportBundle {
  readonly markdown: string;
  readonly json: { readonly snapshot: Snapshot; readonly timeline: Timeline };
}

/** The handle on a wrapped socket. */
export interface Diagnostics {
  on<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void): void;
  off<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void): void;
  /** The incident that is open now. An outage takes precedence over a refused namespace, and that over a failed upgrade. */
  readonly current: Incident<Diagnosis> | undefined;
  snapshot(): Snapshot;
  /** Runs all probes now, whatever the `probe` option says; takes up to a minute. */
  check(): Promise<CheckReport>;
  report(): SupportBundle;
  /** Sends what is waiting; resolves with true if all of it is safe at every sink. */
  flush(): Promise<boolean>;
  /** Stops listening and removes everything from the socket and its Manager; open incidents end as abandoned. */
  dispose(): void;
}
