import { setTimeout as sleep } from 'node:timers/promises';
import { closeAll } from '../../../test/faults/_kit/close-all.js';
import { quickRetries } from '../../../test/faults/_kit/quick-retries.js';
import { startSocketIoProcess } from '../../../test/faults/_kit/socketio-process.js';
import { type SocketIoServerSocket, startSocketIo } from '../../../test/faults/_kit/socketio-server.js';
import { startTcpProxy } from '../../../test/faults/_kit/tcp-proxy.js';
import type { DemoFault } from './demo-fault.js';

/** Long enough for the page to find out that the server is down, short enough to wait for. */
const AWAY_MS = 4_000;

/** In proportion like real ones; the defaults would take 45 s to run out. */
const heartbeat = { pingInterval: 500, pingTimeout: 3_000 };

/** The connection works, and then it ends. */
export const sessionFaults: readonly DemoFault[] = [
  {
    name: 'server-killed',
    group: 'Gets disconnected',
    title: 'Server killed, then back',
    broken: 'The server process is killed and restarted four seconds later.',
    expect: { code: 'server-went-down', certainty: 'confirmed' },
    start: async () => {
      const server = await startSocketIoProcess();
      return {
        url: server.url,
        options: quickRetries,
        breakIt: async (tell, signal) => {
          await server.kill('SIGKILL');
          tell('The server process was killed.');
          await sleep(AWAY_MS, undefined, { signal });
          await server.restart();
          tell('The server process was restarted.');
        },
        close: server.close,
      };
    },
  },
  {
    name: 'connection-cut',
    group: 'Gets disconnected',
    title: 'Connection cut',
    broken: 'A proxy resets the TCP connection; new ones get through.',
    expect: { code: 'connection-cut', certainty: 'confirmed' },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startTcpProxy(server.port);
      return {
        url: proxy.url,
        breakIt: async (tell) => {
          proxy.cut('rst');
          tell('The proxy reset the connection.');
        },
        close: closeAll(proxy, server),
      };
    },
  },
  {
    name: 'heartbeat-lost',
    group: 'Gets disconnected',
    title: 'Heartbeat lost',
    broken: 'The path goes silent without closing, as when a NAT forgets a connection.',
    expect: { code: 'heartbeat-lost', certainty: 'confirmed' },
    start: async () => {
      const server = await startSocketIo({ options: heartbeat });
      const proxy = await startTcpProxy(server.port);
      return {
        url: proxy.url,
        breakIt: async (tell) => {
          proxy.mute();
          tell('The proxy drops every byte of the connection.');
        },
        close: closeAll(proxy, server),
      };
    },
  },
  {
    name: 'server-disconnects',
    group: 'Gets disconnected',
    title: 'Server disconnects',
    broken: 'The server calls socket.disconnect() for this client.',
    expect: { code: 'server-disconnected-socket', certainty: 'confirmed' },
    start: async () => {
      let latest: SocketIoServerSocket | undefined;
      const server = await startSocketIo({
        setup: (io) =>
          io.on('connection', (socket) => {
            latest = socket;
          }),
      });
      return {
        url: server.url,
        breakIt: async (tell) => {
          latest?.disconnect();
          tell('The server called socket.disconnect().');
        },
        close: server.close,
      };
    },
  },
  {
    name: 'payload-too-large',
    group: 'Gets disconnected',
    title: 'Payload too large',
    broken: 'The page sends 2 MB, the server accepts 1 MB.',
    expect: { code: 'payload-too-large', certainty: 'confirmed' },
    start: async () => {
      const server = await startSocketIo();
      return { url: server.url, sendsBytes: 2_000_000, close: server.close };
    },
  },
];
