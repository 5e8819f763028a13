// A collector for any of the peers: answers as told, and counts as stored what it has appended to a file and synced before it answers.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { inflateSync } from 'node:zlib';
import { itemsOf } from './items-of.mjs';

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': '*, content-type, idempotency-key, x-faro-session-id',
  'access-control-expose-headers': 'retry-after, x-sentry-rate-limits',
};

/**
 * `decide(request)` says `store`, `reset` (the connection, in the middle of the body), `die` (stores, then calls `die` instead of
 * answering) or an answer `{ status, headers }`.
 */
export async function startReceiver({ peer, file, port = 0, decide = () => 'store', die = () => {} }) {
  const state = { decide, seen: [] };
  const sockets = new Set();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.method === 'OPTIONS') {
      state.seen.push({ at: Date.now(), decision: 'preflight', items: [], bodyBytes: 0, bytes: headBytesOf(request) });
      response.writeHead(204, CORS).end();
      return;
    }
    const chunks = [];
    let size = 0;
    let isReset = false;
    request.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (!isReset && state.decide({ size, stage: 'body' }) === 'reset') {
        isReset = true;
        request.socket.resetAndDestroy();
      }
    });
    request.on('error', () => {});
    request.on('end', () => {
      if (isReset) return;
      const bytes = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'deflate' ? inflateSync(bytes).toString() : bytes.toString();
      const items = itemsOf(peer, request.headers, text);
      const at = Date.now();
      const decision = state.decide({
        size: bytes.length,
        stage: 'end',
        items,
        isMarked: text.includes('bench-incident'),
      });
      state.seen.push({ at, decision, items, bodyBytes: bytes.length, bytes: bytes.length + headBytesOf(request) });
      if (decision === 'store' || decision === 'die')
        append(
          file,
          items.map((item) => ({ at, ...item })),
        );
      if (decision === 'die') die();
      else if (decision === 'store') {
        const accepted = peer === 'socket.io-diagnostics' ? { accepted: items.length, rejected: [] } : {};
        response.writeHead(200, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(accepted));
      } else response.writeHead(decision.status, { ...CORS, ...decision.headers }).end();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const open = (at) =>
    new Promise((done, failed) => {
      server.once('error', failed);
      server.listen(at, '127.0.0.1', () => done(server.address().port));
    });
  const actualPort = await open(port);

  return {
    port: actualPort,
    url: `http://127.0.0.1:${actualPort}`,
    state,
    /** Refuses connections from now on. */
    refuse: () =>
      new Promise((done) => {
        server.close(done);
        for (const socket of sockets) socket.resetAndDestroy();
      }),
    accept: () => open(actualPort),
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}

/** Without the request line, each header with its colon, space and line end. */
function headBytesOf({ rawHeaders }) {
  return rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
}

function append(file, items) {
  const handle = openSync(file, 'a');
  writeSync(handle, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  fsyncSync(handle);
  closeSync(handle);
}

/** What is stored: one row for each thing that a receiver can tell apart. */
export function readStore(file) {
  if (!existsSync(file)) return [];
  const rows = new Map();
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const item = JSON.parse(line);
    if (!rows.has(item.key)) rows.set(item.key, item);
  }
  return [...rows.values()];
}
