import type { Diagnosis } from './causes/codes.js';
import type { Incident, IncidentChange } from './incidents/incident.js';
import type { SessionSummary } from './incidents/session-summary.js';
import type { ProbeResult } from './signals/signal.js';
import type { Timeline } from './signals/timeline.js';

/** What `diagnostics.on` can tell; each event is one object. */
export type DiagnosticsEvents = {
  /** The best answer of an incident is new or has changed. */
  diagnosis: { readonly diagnosis: Diagnosis; readonly incident: Incident<Diagnosis> };
  incident: {
    readonly incident: Incident<Diagnosis>;
    readonly change: IncidentChange;
  };
  /** The transport in use: at the opening of an engine and after an upgrade. */
  transport: { readonly transport: string };
  /** A new engine was made; counts from 1. */
  attempt: { readonly attempt: number };
  session: { readonly session: SessionSummary };
};

/** Everything that is known now, without asking anybody. */
export interface Snapshot {
  readonly state: 'connecting' | 'connected' | 'disconnected';
  readonly namespace: string;
  readonly transport?: string;
  /** Connection attempts so far. */
  readonly attempt: number;
  readonly session: SessionSummary;
  /** What the server said in its last handshake. */
  readonly handshake?: {
    readonly pingIntervalMs?: number;
    readonly pingTimeoutMs?: number;
    readonly maxPayloadBytes?: number;
  };
  readonly incident?: Incident<Diagnosis>;
}

/** The answers to every question that can be asked here, and what follows from them and from what was seen. */
export interface CheckReport {
  readonly probes: readonly ProbeResult[];
  /** Absent when nothing has failed. */
  readonly diagnosis?: Diagnosis;
}

/** A support bundle: no payloads, tokens, headers, queries or session ids in it. */
export interface SupportBundle {
  readonly markdown: string;
  readonly json: { readonly snapshot: Snapshot; readonly timeline: Timeline };
}

/** The handle on a wrapped socket. */
export interface Diagnostics {
  on<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void): void;
  off<E extends keyof DiagnosticsEvents>(event: E, listener: (told: DiagnosticsEvents[E]) => void): void;
  /** The incident that is open now; an outage goes before a refused namespace, and that before a failed upgrade. */
  readonly current: Incident<Diagnosis> | undefined;
  snapshot(): Snapshot;
  /** Asks all questions now, whatever the `probe` option says, and takes up to a minute. */
  check(): Promise<CheckReport>;
  report(): SupportBundle;
  /** Sends what waits; true when all of it is safe at every sink. */
  flush(): Promise<boolean>;
  /** Stops listening and takes everything out of the socket and its Manager; open incidents end as abandoned. */
  dispose(): void;
}
