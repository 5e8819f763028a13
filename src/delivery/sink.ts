import type { Carrier } from '../runtime/runtime.js';
import type { DiagnosticsRecord, Envelope } from './envelope.js';

/** Where records go. */
export interface Sink {
  /**
   * Names this receiver in the page's storage, where unacknowledged records wait for the next page load; a sink without a name keeps none.
   */
  readonly name?: string;
  /**
   * Resolves once the records are safe at the other end, or says that they must be kept. A rejection, or no result within 30 s, counts as
   * `retry`; resolving with nothing counts as `ok`. `records` is empty when only `context.envelope.dropped` needs to be reported.
   */
  send(records: readonly DiagnosticsRecord[], context: SendContext): Promise<SendResult>;
  /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to prevent the receiver from being reached. */
  onBlocked?(): void;
  close?(): void;
}

/**
 * The shortest sink. If it throws or rejects, the batch is retried; anything else it returns counts as accepted unless it is a
 * `SendResult`.
 */
export type SinkFunction = (records: readonly DiagnosticsRecord[], context: SendContext) => unknown;

export interface SendContext {
  /** The envelope around the records, without its `records`; the `batch` stays the same when a batch is sent again. */
  readonly envelope: Omit<Envelope, 'records'>;
  /** The page is being left: use only means that survive it. */
  readonly leaving: boolean;
  /** How to send from where the SDK runs: the same sink serves pages, workers and Node. */
  readonly runtime: Carrier;
}

export type SendResult =
  | {
      readonly ok: true;
      /** Ids that the receiver rejected for good, or their number. */
      readonly rejected?: readonly string[] | number;
    }
  | { readonly ok: false; readonly retry: false; readonly reason: 'rejected' | 'too-large' }
  | {
      readonly ok: false;
      readonly retry: true;
      /** Milliseconds to wait, if the receiver said so. */
      readonly afterMs?: number;
      /** The receiver was not reached: if that continues while the device is online, something blocks the receiver. */
      readonly blocked?: boolean;
    };
