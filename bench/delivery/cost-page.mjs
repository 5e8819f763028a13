// Hands given incidents to a carrier at an even pace, without sockets: what is measured is the carrying alone.
import { start } from '#carrier';
import { createDelivery } from '../../src/delivery/delivery.ts';
import { httpSink } from '../../src/delivery/http-sink.ts';
import { browserRuntime } from '../../src/runtime/browser.ts';

globalThis.startCarrier = (url) => {
  const carrier = start(url);
  const report = carrier.report ?? ours(carrier.collector);
  globalThis.reportAll = async (incidents, paceMs) => {
    for (const incident of incidents) {
      report({
        marker: 'bench-incident',
        code: `${incident.diagnosis.code} ${incident.id}`,
        incident: JSON.stringify({ id: incident.id, revision: incident.revision, ...incident }),
      });
      await new Promise((done) => setTimeout(done, paceMs));
    }
  };
};

function ours(url) {
  const runtime = browserRuntime();
  const delivery = createDelivery({
    sinks: [httpSink(url)],
    runtime,
    origin: {
      sdk: { name: 'socket.io-diagnostics', version: '0.1.0' },
      session: {
        id: runtime.uuid(),
        startedAt: new Date().toISOString(),
        runtime: { kind: 'browser', engine: 'chromium' },
      },
    },
  });
  return ({ incident }) => delivery.add({ ...JSON.parse(incident), kind: 'incident' }, true);
}
