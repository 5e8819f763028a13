import { expect, test } from 'vitest';
import type { DiagnosticsOptions } from '../../src/options.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { dial, nextTold, pageOf } from './watched-client.js';

async function requestsBy(...probes: DiagnosticsOptions['probe'][]): Promise<number> {
  let requests = 0;
  const server = await startHttp((_request, response) => {
    requests += 1;
    response.writeHead(404).end();
  });
  try {
    const socket = dial('4', server.url, { reconnection: false, autoConnect: false });
    const sockets = [socket, socket.io.socket('/other')].slice(0, probes.length);
    const wrap = pageOf();
    const handles = sockets.map((one, at) => wrap(one, { probe: probes[at] ?? 'auto' }).diagnostics);
    const told = nextTold(handles[0] as never, 'diagnosis');
    socket.connect();
    await told;
    for (const handle of handles) handle.dispose();
    socket.disconnect();
    return requests;
  } finally {
    await server.close();
  }
}

test('a socket alone asks the server when it may', async () => {
  expect(await requestsBy('auto')).toBeGreaterThan(1);
});

test.each([[['never', 'auto'] as const], [['auto', 'never'] as const]])(
  'sockets of one Manager with probe %j ask nothing',
  async (probes) => {
    expect(await requestsBy(...probes)).toBe(1);
  },
);
