import { createMetrics } from './metrics.js';

/** What `/metrics` reports; everything since the process started. */
export type CollectorMetrics = ReturnType<typeof createCollectorMetrics>;

export function createCollectorMetrics() {
  const metrics = createMetrics();
  return {
    gauge: metrics.gauge,
    text: metrics.text,
    requests: metrics.counter('requests_total', 'Requests answered, by status.', 'status'),
    records: metrics.counter(
      'records_total',
      'Records by outcome; a duplicate was already stored, in this revision or a later one.',
      'result',
    ),
    refused: metrics.counter('records_refused_total', 'Records refused, by reason.', 'reason'),
    bytes: metrics.counter('received_bytes_total', 'Bytes of request bodies, as sent.'),
    byKey: metrics.counter(
      'project_requests_total',
      'Requests with a valid project key, by the name of the key.',
      'project',
    ),
    commitSeconds: metrics.histogram(
      'commit_duration_seconds',
      'Time until a transaction was on disk.',
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
    failures: metrics.counter('store_failures_total', 'Transactions the store could not write, by reason.', 'reason'),
    droppedConnections: metrics.counter('connections_dropped_total', 'Connections closed because of the limit.'),
    alerts: metrics.counter('alerts_total', 'Alerts sent to the webhook, by outcome.', 'outcome'),
    retentionDeleted: metrics.counter('retention_deleted_total', 'Rows deleted by retention, by rule.', 'rule'),
  };
}
