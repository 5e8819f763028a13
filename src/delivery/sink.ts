import type { Carrier } from '../runtime/runtime.js';
import type { DiagnosticsRecord, Envelope } from './envelope.js';

/** Where records go. */
export interface Sink {
  /** Names this receiver in the page's storage, where unacknowledged records wait for the next load; a sink without a name keeps none. */
  readonly name?: string;
  /**
   * Resolves once the records are safe at the other end, or tells that they must be kept. A rejection, and no answer for 30 s, counts
   * as `retry`; resolving with nothing counts as `ok`. There may be no record, when only `context.envelope.dropped` is to be told.
   */
  send(records: readonly DiagnosticsRecord[], context: SendContext): Promise<SendResult>;
  /** Told once when something, such as an ad blocker or a Content-Security-Policy, seems to keep the receiver from being reached. */
  onBlocked?(): void;
  close?(): void;
}

/** The shortest sink: what it throws or rejects with is tried again, whatever else it gives counts as accepted unless it is a `SendResult`. */
export type SinkFunction = (records: readonly DiagnosticsRecord[], context: SendContext) => unknown;

export interface SendContext {
  /** The envelope around the records, with its `records` left out; the same `batch` when a batch is sent again. */
  readonly envelope: Omit<Envelope, 'records'>;
  /** The page is being left: use only what survives it. */
  readonly leaving: boolean;
  /** How to send from where the SDK runs: the same sink serves pages, workers and Node. */
  readonly runtime: Carrier;
}

export type SendResult =
  | {
      readonly ok: true;
      /** Ids that the receiver refused for good, or how many. */
      readonly rejected?: readonly string[] | number;
    }
  | { readonly ok: false; readonly retry: false; readonly reason: 'rejected' | 'too-large' }
  | {
      readonly ok: false;
      readonly retry: true /** Milliseconds to wait, when the receiver said so. */;
      readonly afterMs?: number;
      /** Nothing answered at all: when that goes on while the device is online, something blocks the receiver. */
      readonly blocked?: boolean;
    };
