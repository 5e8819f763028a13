import { randomUUID } from 'node:crypto';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * What one request carries. `key` is what the sender gives a receiver to know a repetition by: our `(id, revision)`, Sentry's
 * `event_id`, Faro's `Idempotency-Key`; OpenTelemetry and Datadog give nothing, so that each arrival is a row of its own.
 */
export function itemsOf(peer, headers, text) {
  if (peer === 'socket.io-diagnostics') {
    return JSON.parse(text).records.map(({ kind, id, revision }) => ({
      key: `${id} ${revision}`,
      kind,
      ids: [id],
      revision,
    }));
  }
  const key = keyOf(peer, headers, text) ?? randomUUID();
  return [{ key, ids: [...new Set(text.match(UUID) ?? [])] }];
}

function keyOf(peer, headers, text) {
  if (peer.startsWith('Sentry')) return JSON.parse(text.slice(0, text.indexOf('\n'))).event_id;
  return headers['idempotency-key'];
}
