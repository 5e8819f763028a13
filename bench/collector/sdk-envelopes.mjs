// What the SDK really sends: sockets of one Node process that connect, fail in several ways and are cut, in front of a real server; the
// bodies as a collector would get them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { withDiagnostics } from '../../dist/index.node.mjs';

/** Envelopes as objects, each record in its last revision. */
export async function sdkEnvelopes() {
  const { server: receiver, url: collector, bodies } = await receive();
  const { server, url } = await socketServer();
  const plain = createServer((_request, response) => response.writeHead(404).end('<html>Not found</html>'));
  const noSocketIo = await listen(plain);
  const closed = createServer();
  const refused = await listen(closed);
  closed.close();

  const options = { collector, app: { name: 'chat-web', release: '4.2.0', environment: 'production' }, probe: 'never' };
  const open = (target, more) => withDiagnostics(io(target, { forceNew: true, ...more }), options);
  const healthy = Array.from({ length: 8 }, () => open(url));
  await Promise.all(healthy.map((socket) => once(socket, 'connect')));
  const failing = [
    open(refused),
    open(noSocketIo),
    open(`${url}/no-such-namespace`),
    open(url, { path: '/wrong' }),
    open(url, { auth: { token: 'x' }, query: { refuse: '1' } }),
    open(refused, { transports: ['websocket'] }),
    open(noSocketIo, { transports: ['websocket'] }),
    open(`${url}/another`),
  ];
  await Promise.all(failing.map((socket) => diagnosed(socket)));
  for (const socket of [...healthy, ...failing]) {
    socket.disconnect();
    socket.diagnostics.dispose();
  }
  const last = new Map();
  const wanted = healthy.length + failing.length;
  const deadline = Date.now() + 20_000;
  const sessionsIn = () => [...last.values()].filter(({ record }) => record.kind === 'session').length;
  while (sessionsIn() < wanted) {
    if (Date.now() > deadline) throw new Error(`only ${sessionsIn()} of ${wanted} sessions came`);
    if (bodies.length === 0) await once(receiver, 'body');
    for (const body of bodies.splice(0)) {
      const envelope = JSON.parse(body);
      for (const record of envelope.records) {
        if ((last.get(record.id)?.record.revision ?? 0) < record.revision) last.set(record.id, { envelope, record });
      }
    }
  }
  receiver.close();
  plain.close();
  server.close();
  const records = [...last.values()].map(({ record }) => record);
  const [{ envelope }] = last.values();
  return {
    envelope,
    incidents: records.filter(({ kind }) => kind === 'incident'),
    sessions: records.filter(({ kind }) => kind === 'session'),
  };
}

async function receive() {
  const bodies = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    bodies.push(body);
    const { records } = JSON.parse(body);
    response.end(JSON.stringify({ accepted: records.length, rejected: [] }));
    server.emit('body');
  });
  return { server, bodies, url: `${await listen(server)}/v1/records` };
}

async function socketServer() {
  const http = createServer();
  const server = new Server(http, {
    allowRequest: (request, done) => done(null, !request.url.includes('refuse=1')),
  });
  return { server, url: await listen(http) };
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

function diagnosed(socket) {
  return new Promise((resolve) => socket.diagnostics.on('diagnosis', resolve));
}
