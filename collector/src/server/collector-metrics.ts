import { createMetrics } from './metrics.js';

/** What `/metrics` tells; everything since the process began. */
export type CollectorMetrics = ReturnType<typeof createCollectorMetrics>;

export function createCollectorMetrics() {
  const metrics = createMetrics();
  return {
    gauge: metrics.gauge,
    text: metrics.text,
    requests: metrics.counter('requests_total', 'Requests that were answered, by status.', 'status'),
    records: metrics.counter(
      'records_total',
      'Records by what became of them; a duplicate was stored before, in this revision or a later one.',
      'result',
    ),
    refused: metrics.counter('records_refused_total', 'Records that were refused by name, by reason.', 'reason'),
    bytes: metrics.counter('received_bytes_total', 'Bytes of bodies, as sent.'),
    byKey: metrics.counter('project_requests_total', 'Requests with a valid project key, by its name.', 'project'),
    commitSeconds: metrics.histogram(
      'commit_duration_seconds',
      'Time that a transaction took until it was on disk.',
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
    failures: metrics.counter(
      'store_failures_total',
      'Transactions that the store could not write, by reason.',
      'reason',
    ),
    droppedConnections: metrics.counter('connections_dropped_total', 'Connections beyond the limit.'),
    alerts: metrics.counter('alerts_total', 'Alerts that were sent to the webhook, by what became of it.', 'outcome'),
    retentionDeleted: metrics.counter('retention_deleted_total', 'Rows that retention deleted, by rule.', 'rule'),
  };
}
