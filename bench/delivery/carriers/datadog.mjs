import { datadogLogs } from '@datadog/browser-logs';

export function start(url) {
  datadogLogs.init({
    clientToken: 'pub0123456789abcdef0123456789abcdef',
    site: 'datadoghq.com',
    proxy: `${url}/proxy`,
  });
  return { report: ({ code, ...context }) => datadogLogs.logger.error(code, context) };
}
