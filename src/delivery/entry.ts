import type { DiagnosticsRecord, DropReason, Envelope } from './envelope.js';

/** A record to be delivered, with its origin: a record of an earlier page load is sent under that load's session. */
export interface Entry {
  readonly record: DiagnosticsRecord;
  readonly origin: Origin;
  /** Size of the record as JSON. */
  readonly bytes: number;
  /** When it was passed in, in milliseconds since the epoch. */
  readonly since: number;
}

/** The parts of an envelope that identify the sender; including the schema, because an older SDK may send what a newer one left behind. */
export type Origin = Pick<Envelope, 'schema' | 'sdk' | 'app' | 'session'>;

/** Records that were not sent, by reason. */
export type Dropped = Partial<Record<DropReason, number>>;

/** Counters sent under the id of one batch, so that the receiver counts them once however often they arrive. */
export interface Tally {
  /** Id of the batch. */
  readonly id: string;
  readonly origin: Origin;
  readonly dropped: Dropped;
}
