import { afterAll, expect, test } from 'vitest';
import type { Incident } from '../../src/incidents/incident.js';
import type { ClientEvent } from '../faults/_kit/drive-client.js';
import { startNginx } from '../faults/_kit/nginx.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';
import { closeBrowsers, runInPage } from './harness.js';

afterAll(closeBrowsers);

const isSure = (incident: Incident | undefined) => incident?.diagnosis.certainty === 'confirmed';

test('a user who loads the page anew after each cut is told of the idle timeout, too', async () => {
  const server = await startSocketIo();
  const proxy = await startNginx({ target: server.port, idleTimeoutS: 2 });
  const incidents: Incident[] = [];
  let heard = () => {};
  const report = (event: ClientEvent) => {
    if (event.type === 'incident') incidents.push(event.incident);
    heard();
  };
  const told = async (fits: (incident: Incident) => boolean) => {
    while (!incidents.some(fits)) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  const script = { url: proxy.url, options: { transports: ['websocket'] } };
  const page = { sameOrigin: false, headers: {}, pageUrl: undefined, filter: undefined };
  const running = await runInPage('chromium', script, '4', undefined, report, page);
  // A page that loads on a busy machine notices its connection late, which a third sample may not make up for.
  for (
    let cuts = 1;
    incidents.at(-1)?.diagnosis.code !== 'proxy-idle-timeout' || !isSure(incidents.at(-1));
    cuts += 1
  ) {
    expect(cuts).toBeLessThan(9);
    if (cuts > 1) await running.control.reload();
    await told(({ status, timeline }) => status === 'resolved' && timeline.ended?.count === cuts);
  }
  const { timeline, diagnosis } = incidents.at(-1) as Incident;
  expect((diagnosis.details as { samples: number }).samples).toBeGreaterThanOrEqual(3);
  expect(timeline.ended?.latest.filter(({ attempt }) => attempt === 0)).toHaveLength((timeline.ended?.count ?? 0) - 1);
  await running.stop();
  await proxy.close();
  await server.close();
}, 60_000);
