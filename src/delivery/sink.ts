import type { Runtime } from '../runtime/runtime.js';
import type { DiagnosticsRecord, Envelope } from './envelope.js';

/** Where records go. A custom sink is one function in an object. */
export interface Sink {
  /** Names this receiver in the page's storage, where unacknowledged records wait for the next load; a sink without a name keeps none. */
  readonly name?: string;
  /**
   * Resolves once the records are safe at the other end, or tells that they must be kept. A rejection, and no answer for 30 s, counts
   * as `retry`; resolving with nothing counts as `ok`.
   */
  send(records: readonly DiagnosticsRecord[], context: SendContext): Promise<SendResult>;
  close?(): void;
}

export interface SendContext {
  /** The envelope around the records, with its `records` left out; the same `batch` when a batch is sent again. */
  readonly envelope: Omit<Envelope, 'records'>;
  /** The page is being left: use only what survives it. */
  readonly leaving: boolean;
  /** How to send from where the SDK runs: the same sink serves pages, workers and Node. */
  readonly runtime: Pick<Runtime, 'post' | 'beacon'>;
}

export type SendResult =
  | { readonly ok: true /** Ids that the receiver refused for good. */; readonly rejected?: readonly string[] }
  | { readonly ok: false; readonly retry: false; readonly reason: 'rejected' | 'too-large' }
  | {
      readonly ok: false;
      readonly retry: true /** Milliseconds to wait, when the receiver said so. */;
      readonly afterMs?: number;
      /** Nothing answered at all: when that goes on while the device is online, something blocks the receiver. */
      readonly blocked?: boolean;
    };
