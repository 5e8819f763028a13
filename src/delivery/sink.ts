import type { DiagnosticsRecord } from './envelope.js';

/** Where records go. A custom sink is one function in an object. */
export interface Sink {
  /** Resolves once the records are safe at the other end, or tells which must be kept. A rejection counts as `retry` for all. */
  send(records: readonly DiagnosticsRecord[], context: SendContext): Promise<SendResult>;
  close?(): void;
}

export interface SendContext {
  /** The envelope around the records, with its `records` left out; the same `batch` when a batch is sent again. */
  readonly envelope: Omit<import('./envelope.js').Envelope, 'records'>;
  /** The page is being left: use only what survives it. */
  readonly leaving: boolean;
}

export type SendResult =
  | { readonly ok: true /** Ids that the receiver refused for good. */; readonly rejected?: readonly string[] }
  | { readonly ok: false; readonly retry: false; readonly reason: 'rejected' | 'too-large' }
  | {
      readonly ok: false;
      readonly retry: true /** Milliseconds to wait, when the receiver said so. */;
      readonly afterMs?: number;
      readonly blocked?: boolean;
    };
