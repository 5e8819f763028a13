import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

export function start(url) {
  const exporter = new OTLPLogExporter({ url: `${url}/v1/logs` });
  const logger = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] }).getLogger('bench');
  return {
    report: ({ code, ...attributes }) =>
      logger.emit({
        severityNumber: SeverityNumber.ERROR,
        eventName: 'socketio.connection.failed',
        body: code,
        attributes,
      }),
  };
}
