import { closeAll } from '../../../test/faults/_kit/close-all.js';
import { freePort } from '../../../test/faults/_kit/free-port.js';
import { corsHeaders } from '../../../test/faults/_kit/http-server.js';
import { startReverseProxy } from '../../../test/faults/_kit/reverse-proxy.js';
import { fault as corsCredentialsNotAllowed } from '../../../test/faults/cors-credentials-not-allowed.js';
import { fault as corsOriginNotAllowed } from '../../../test/faults/cors-origin-not-allowed.js';
import { fault as pathMismatch } from '../../../test/faults/path-mismatch.js';
import { fault as serverNotAnswering } from '../../../test/faults/server-not-answering.js';
import { fault as serverNotSocketIo } from '../../../test/faults/server-not-socketio.js';
import { fault as serverPlainWebSocket } from '../../../test/faults/server-plain-websocket.js';
import { fault as serverUnreachable } from '../../../test/faults/server-unreachable.js';
import { fault as sessionNotSticky } from '../../../test/faults/session-not-sticky.js';
import { fault as versionClientTooNew } from '../../../test/faults/version-client-too-new.js';
import type { DemoFault } from './demo-fault.js';
import { fromTest } from './from-test.js';

/** The client never gets a session. */
export const connectFaults: readonly DemoFault[] = [
  {
    name: 'server-down',
    group: 'Cannot connect',
    title: 'Server down',
    broken: 'Nothing listens on the port: the connection is refused.',
    expect: { code: 'server-unreachable', certainty: 'confirmed' },
    start: fromTest(serverUnreachable, 'refused'),
  },
  {
    name: 'black-hole',
    group: 'Cannot connect',
    title: 'Server hangs',
    broken: 'A server accepts every connection and never responds.',
    expect: { code: 'server-not-answering', certainty: 'confirmed' },
    start: fromTest(serverNotAnswering, 'black-hole'),
  },
  {
    name: 'cors-missing',
    group: 'Cannot connect',
    title: 'CORS missing',
    broken: 'A Socket.IO server on another origin sends no CORS headers.',
    expect: { code: 'cors-origin-not-allowed', certainty: 'confirmed' },
    start: fromTest(corsOriginNotAllowed, 'no-cors'),
  },
  {
    name: 'cors-credentials',
    group: 'Cannot connect',
    title: 'CORS with cookies',
    broken: 'The client sends credentials, but the server allows the origin "*".',
    expect: { code: 'cors-credentials-not-allowed', certainty: 'confirmed' },
    start: fromTest(corsCredentialsNotAllowed, 'any-origin'),
  },
  {
    name: 'wrong-path',
    group: 'Cannot connect',
    title: 'Wrong path',
    broken: 'The client requests /chat, but the server listens on /socket.io/.',
    expect: { code: 'path-mismatch', certainty: 'confirmed' },
    start: fromTest(pathMismatch, 'client-path'),
  },
  {
    name: 'old-server',
    group: 'Cannot connect',
    title: 'Old server',
    broken: 'The server runs Socket.IO 2, this page uses client version 4.',
    expect: { code: 'version-client-too-new', certainty: 'confirmed' },
    start: fromTest(versionClientTooNew, '4-on-2'),
  },
  {
    name: 'no-sticky-sessions',
    group: 'Cannot connect',
    title: 'No sticky sessions',
    broken: 'A proxy alternates between two servers with every request.',
    expect: { code: 'session-not-sticky', certainty: 'confirmed' },
    start: fromTest(sessionNotSticky, 'two-round-robin'),
  },
  {
    name: 'bad-gateway',
    group: 'Cannot connect',
    title: '502 Bad Gateway',
    broken: 'A proxy answers, but the server behind it is not running.',
    expect: { code: 'gateway-failing', certainty: 'confirmed' },
    start: async () => {
      const proxy = await startReverseProxy({
        target: await freePort(),
        intercept: (request, response) => {
          for (const [name, value] of Object.entries(corsHeaders(request))) response.setHeader(name, value);
          return false;
        },
      });
      return { url: proxy.url, close: closeAll(proxy) };
    },
  },
  {
    name: 'plain-websocket',
    group: 'Cannot connect',
    title: 'Plain WebSocket server',
    broken: 'The server speaks WebSocket, but not Socket.IO.',
    expect: { code: 'server-plain-websocket', certainty: 'confirmed' },
    start: fromTest(serverPlainWebSocket, 'greeting'),
  },
  {
    name: 'app-page',
    group: 'Cannot connect',
    title: 'Single-page app',
    broken: 'A web server answers every path with the page of an app.',
    expect: { code: 'server-not-socketio', certainty: 'suspected' },
    start: fromTest(serverNotSocketIo, 'app-page-cors'),
  },
  {
    name: 'not-found',
    group: 'Cannot connect',
    title: '404 without CORS',
    broken: 'Another web server answers 404, and the browser hides that from the page.',
    expect: { code: 'server-not-socketio', certainty: 'suspected' },
    start: fromTest(serverNotSocketIo, 'not-found'),
  },
];
