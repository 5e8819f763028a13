import type { Envelope } from '../../../src/index.js';
import { parseEnvelope } from '../../src/ingest/parse-envelope.js';
import type { Store } from '../../src/stores/store.js';

/** What takes an envelope in, at a time of its own. */
export type Receive = (envelope: Envelope, receivedAtMs: number) => Promise<unknown>;

/** Stores envelopes as a collector would have done that ran at their time. */
export function receiveInto(store: Store): Receive {
  return (envelope, receivedAtMs) => {
    const { batch, rejected } = parseEnvelope(JSON.stringify(envelope), receivedAtMs);
    if (rejected.length > 0) throw new Error(`Not taken: ${JSON.stringify(rejected)}`);
    return store.write([batch]);
  };
}
