import type { DiagnosticsRecord, DropReason, Envelope } from './envelope.js';

/** A record on its way, with whom it is from: an earlier page load's record is sent under that load's session. */
export interface Entry {
  readonly record: DiagnosticsRecord;
  readonly origin: Origin;
  /** Size of the record as JSON. */
  readonly bytes: number;
  /** Milliseconds since the epoch when it was handed over. */
  readonly since: number;
}

/** The parts of an envelope that tell who sends it; the schema too, because an older SDK may send what a newer one left behind. */
export type Origin = Pick<Envelope, 'schema' | 'sdk' | 'app' | 'session'>;

/** Records that were not sent, by reason. */
export type Dropped = Partial<Record<DropReason, number>>;

/** Counters that travel under the id of one batch, so that the receiver adds them up once however often they arrive. */
export interface Tally {
  /** Id of the batch. */
  readonly id: string;
  readonly origin: Origin;
  readonly dropped: Dropped;
}
