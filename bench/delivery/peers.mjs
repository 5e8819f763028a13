import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Each as its documentation sets it up. `firstSendMs`: how long it collects before it sends, so that an outage is met by everyone. */
export const peers = [
  { name: 'socket.io-diagnostics', carrier: { chromium: 'ours', node: 'ours' }, firstSendMs: 250 },
  {
    name: 'Sentry',
    carrier: { chromium: 'sentry', node: 'sentry-node' },
    package: { chromium: '@sentry/browser', node: '@sentry/node-core' },
    firstSendMs: 0,
  },
  {
    name: 'Sentry, offline transport',
    carrier: { chromium: 'sentry-offline' },
    package: { chromium: '@sentry/browser' },
    firstSendMs: 0,
  },
  { name: 'Faro', carrier: { chromium: 'faro' }, package: { chromium: '@grafana/faro-web-sdk' }, firstSendMs: 250 },
  {
    name: 'OpenTelemetry logs',
    carrier: { chromium: 'opentelemetry', node: 'opentelemetry' },
    package: {
      chromium: '@opentelemetry/exporter-logs-otlp-http',
      node: '@opentelemetry/exporter-logs-otlp-http',
    },
    firstSendMs: 1_000,
  },
  {
    name: 'Datadog logs',
    carrier: { chromium: 'datadog' },
    package: { chromium: '@datadog/browser-logs' },
    firstSendMs: 30_000,
  },
];

/** Read from the folder, because some packages do not export their manifest. */
export function versionOf(peer, place) {
  const name = peer.package?.[place];
  const file = name
    ? `${require.resolve.paths(name).find((path) => path.endsWith('bench/node_modules'))}/${name}/package.json`
    : new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
