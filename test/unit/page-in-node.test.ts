import { afterEach, expect, test, vi } from 'vitest';
import { withDiagnostics } from '../../src/index.node.js';
import { startHttp } from '../faults/_kit/http-server.js';
import { type AnySocket, createCleanup, dial, nextTold } from './watched-client.js';

const cleanup = createCleanup();
afterEach(async () => {
  await cleanup.run();
  vi.unstubAllGlobals();
});

test('a page that is played in Node is asked about through Node, as its client connects, and its events are told', async () => {
  const used: string[] = [];
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const means = (name: string) =>
    function unusable() {
      used.push(name);
      throw new Error('not like that of a browser');
    };
  const { setTimeout: nodeTimeout, clearTimeout: clear } = globalThis;
  const timers = new Map<number, NodeJS.Timeout>();
  vi.stubGlobal('document', document);
  for (const name of ['fetch', 'WebSocket']) vi.stubGlobal(name, means(name));
  // As in jsdom: timers are numbers.
  vi.stubGlobal('setTimeout', (...args: Parameters<typeof setTimeout>) => {
    timers.set(timers.size, nodeTimeout(...args));
    return timers.size - 1;
  });
  vi.stubGlobal('clearTimeout', (timer: number) => clear(timers.get(timer)));
  const web = cleanup.add(
    await startHttp((_request, response) => response.writeHead(404).end('nothing here')),
    ({ close }) => close(),
  );
  const socket = withDiagnostics(cleanup.add(dial('4', web.url), (dialled: AnySocket) => dialled.disconnect()));
  const { diagnosis } = await nextTold<{ diagnosis: { code: string } }>(socket.diagnostics, 'diagnosis');
  expect(diagnosis.code).toBe('server-not-socketio');
  expect(used).toEqual([]);
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  const { runtime, signals } = socket.diagnostics.report().json.timeline;
  expect(runtime.kind).toBe('node');
  expect(signals).toContainEqual(expect.objectContaining({ kind: 'page', event: 'hidden' }));
  expect(signals.some(({ kind }) => kind === 'probe')).toBe(true);
  socket.diagnostics.dispose();
});
