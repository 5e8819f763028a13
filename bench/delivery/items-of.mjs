import { randomUUID } from 'node:crypto';

/** The incident as the peers carry it, however often escaped: not its mere mention, such as in the breadcrumbs of a later event. */
const INCIDENT = /\\*"id\\*":\\*"([0-9a-f-]{36})\\*",\\*"revision/g;

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
  return [{ key, ids: [...new Set([...text.matchAll(INCIDENT)].map(([, id]) => id))] }];
}

function keyOf(peer, headers, text) {
  if (peer.startsWith('Sentry')) return JSON.parse(text.slice(0, text.indexOf('\n'))).event_id;
  return headers['idempotency-key'];
}
