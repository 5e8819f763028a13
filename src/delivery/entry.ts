import type { DiagnosticsRecord, Envelope } from './envelope.js';

/** A record on its way, with whom it is from: an earlier page load's record is sent under that load's session. */
export interface Entry {
  readonly record: DiagnosticsRecord;
  readonly origin: Origin;
  /** Size of the record as JSON. */
  readonly bytes: number;
  /** Milliseconds since the epoch when it was handed over. */
  readonly since: number;
}

/** The parts of an envelope that tell who sends it. */
export type Origin = Pick<Envelope, 'sdk' | 'app' | 'session'>;
