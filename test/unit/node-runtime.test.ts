import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server as SocketIoServer } from 'socket.io';
import { afterEach, describe, expect, test } from 'vitest';
import { nodeRuntime } from '../../src/runtime/node.js';
import { serverFrames } from '../../src/runtime/server-frames.js';

const runtime = nodeRuntime();
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server | TcpServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function http(handler: RequestListener): Promise<string> {
  return listen(createServer(handler));
}

async function refusedPort(): Promise<string> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

describe('request', () => {
  const ask = (url: string, timeoutMs = 5000) => runtime.request({ url, mode: 'cors', timeoutMs });

  test('tells status, type and up to 4,096 characters of the body', async () => {
    const host = await http((_request, response) => {
      response.writeHead(418, { 'content-type': 'text/html' });
      response.end('é'.repeat(10_000));
    });
    const answer = await ask(`http://${host}/`);
    expect(answer).toMatchObject({ result: 'answered', status: 418, contentType: 'text/html' });
    expect(answer.body).toBe('é'.repeat(4096));
  });

  test('sends a body', async () => {
    const host = await http(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      response.end(`${request.method} ${text}`);
    });
    const url = `http://${host}/`;
    const answer = await runtime.request({ url, method: 'POST', body: '40é', mode: 'cors', timeoutMs: 5000 });
    expect(answer.body).toBe('POST 40é');
  });

  test('tells of a redirect without following it', async () => {
    const host = await http((_request, response) => {
      response.writeHead(301, { location: 'https://elsewhere.example/' }).end();
    });
    expect(await ask(`http://${host}/`)).toMatchObject({ result: 'redirected', status: 301 });
  });

  test('tells the system error code, of several addresses the first', async () => {
    const host = await refusedPort();
    expect(await ask(`http://${host}/`)).toMatchObject({ result: 'failed', code: 'ECONNREFUSED' });
    const port = host.split(':')[1];
    expect(await ask(`http://localhost:${port}/`)).toMatchObject({ result: 'failed', code: 'ECONNREFUSED' });
    expect(await ask('http://does-not-exist.invalid/')).toMatchObject({
      result: 'failed',
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  test('tells of resets, of TLS that is none, and of what is no URL', async () => {
    const reset = await listen(createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    expect(await ask(`http://${reset}/`)).toMatchObject({ result: 'failed', code: 'ECONNRESET' });
    const plain = await http((_request, response) => response.end());
    expect(await ask(`https://${plain}/`)).toMatchObject({
      result: 'failed',
      code: expect.stringMatching(/^(ERR_SSL|EPROTO)/),
    });
    expect(await ask('nonsense')).toMatchObject({ result: 'failed', code: 'ERR_INVALID_URL' });
  });

  test('gives up in time, with what it has if the body hangs', async () => {
    const silent = await http(() => {});
    const answer = await ask(`http://${silent}/`, 100);
    expect(answer.result).toBe('timeout');
    expect(answer.durationMs).toBeGreaterThanOrEqual(99);
    const slow = await http((_request, response) => void response.write('begun'));
    expect(await ask(`http://${slow}/`, 200)).toMatchObject({ result: 'answered', status: 200, body: 'begun' });
  });
});

describe('openWebSocket', () => {
  const open = (url: string, timeoutMs = 5000) => runtime.openWebSocket({ url, timeoutMs, firstMessageMs: 300 });

  test('hears the open packet of a Socket.IO server', async () => {
    const server = createServer();
    const io = new SocketIoServer(server);
    closers.push(() => io.close());
    const host = await listen(server);
    const answer = await open(`ws://${host}/socket.io/?EIO=4&transport=websocket`);
    expect(answer.result).toBe('message');
    expect(answer.messages).toEqual([expect.stringMatching(/^0\{"sid"/)]);
    // No such path: the server destroys the connection after a second.
    const other = await open(`ws://${host}/elsewhere/?EIO=4&transport=websocket`);
    expect(other).toMatchObject({ result: 'rejected', code: 'ECONNRESET' });
    expect(other.durationMs).toBeGreaterThan(900);
  });

  test('hears two messages, in one packet or in two, and a close code', async () => {
    const both = await webSocketServer((socket) => socket.write(Buffer.concat([text('0{}'), text('40')])));
    expect(await open(`ws://${both}/`)).toMatchObject({ result: 'message', messages: ['0{}', '40'] });
    const apart = await webSocketServer((socket) => {
      socket.write(text('0{}'));
      setTimeout(() => socket.write(text('40')), 20);
    });
    expect(await open(`ws://${apart}/`)).toMatchObject({ result: 'message', messages: ['0{}', '40'] });
    const closes = await webSocketServer((socket) => socket.write(Buffer.from([0x88, 2, 0x03, 0xf0])));
    expect(await open(`ws://${closes}/`)).toMatchObject({ result: 'closed', closeCode: 1008, messages: [] });
    const cuts = await webSocketServer((socket) => socket.destroy());
    expect(await open(`ws://${cuts}/`)).toMatchObject({ result: 'closed', closeCode: 1006 });
    const silent = await webSocketServer(() => {});
    expect(await open(`ws://${silent}/`)).toMatchObject({ result: 'silent', messages: [] });
  });

  test('says goodbye', async () => {
    let told: (bytes: Buffer) => void = () => {};
    const goodbye = new Promise<Buffer>((resolve) => {
      told = resolve;
    });
    const host = await webSocketServer((socket) => {
      socket.on('data', told);
      socket.write(text('hello'));
    });
    await open(`ws://${host}/`);
    expect([...(await goodbye)]).toEqual([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);
  });

  test('tells how it was refused', async () => {
    const forbids = await http((_request, response) => response.writeHead(403).end());
    expect(await open(`ws://${forbids}/`)).toMatchObject({ result: 'rejected', status: 403 });
    expect(await open(`ws://${await refusedPort()}/`)).toMatchObject({ result: 'rejected', code: 'ECONNREFUSED' });
    const hangs = await http(() => {}).then(async () => listen(createTcpServer(() => {})));
    expect(await open(`ws://${hangs}/`, 100)).toMatchObject({ result: 'timeout' });
    const liar = createServer();
    liar.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    });
    expect(await open(`ws://${await listen(liar)}/`)).toMatchObject({ result: 'rejected', status: 101 });
    expect(await open('nonsense')).toMatchObject({ result: 'threw', code: 'ERR_INVALID_URL' });
  });

  test('reads frames however they are cut', () => {
    const long = Buffer.concat([Buffer.from([0x81, 126, 1, 44]), Buffer.alloc(300, 'x')]);
    const bytes = Buffer.concat([Buffer.from([0x89, 0]), text('0{}'), long]);
    for (let size = 1; size <= bytes.length; size += 7) {
      const read = serverFrames();
      const frames = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...read(bytes.subarray(at, at + size)));
      expect(frames.map(({ opcode, payload }) => [opcode, payload.length])).toEqual([
        [9, 0],
        [1, 3],
        [1, 300],
      ]);
    }
    const head = Buffer.alloc(10);
    head.set([0x81, 127]);
    head.writeBigUInt64BE(10_000_000n, 2);
    const read = serverFrames();
    expect(read(Buffer.concat([head, Buffer.alloc(70_000, 'y')])).map(({ payload }) => payload.length)).toEqual([
      65_536,
    ]);
    expect(read(text('later'))).toEqual([]);
  });

  test('puts the parts of a message together, around what comes in between', () => {
    const read = serverFrames();
    const parts = [Buffer.from([0x01, 1, 0x30]), Buffer.from([0x89, 0]), Buffer.from([0x00, 1, 0x7b])];
    expect(parts.flatMap((part) => read(part)).map(({ opcode }) => opcode)).toEqual([9]);
    expect(read(Buffer.from([0x80, 1, 0x7d]))).toEqual([{ opcode: 1, payload: Buffer.from('0{}'), isValid: true }]);
  });

  test.each([
    ['a mask', [0x81, 0x81, 1, 2, 3, 4, 0x31]],
    ['a reserved bit', [0xc1, 1, 0x30]],
    ['an opcode that is none', [0x83, 1, 0x30]],
    ['a continuation of nothing', [0x80, 1, 0x30]],
    ['a message within another', [0x01, 1, 0x30, 0x81, 1, 0x30]],
    ['a control frame in parts', [0x09, 0]],
    ['what is no frame', [...Buffer.from('HTTP/1.1 400 Bad Request')]],
    ['a text that is not UTF-8', [0x81, 2, 0xc3, 0x28]],
  ])('takes %s for what it is', (_, bytes) => {
    expect(serverFrames()(Buffer.from(bytes)).map(({ isValid }) => isValid)).toEqual([false]);
  });

  test.each([
    ['a subprotocol that nobody asked for', 'Sec-WebSocket-Protocol: mqtt'],
    ['an extension that nobody asked for', 'Sec-WebSocket-Extensions: permessage-deflate'],
  ])('takes no answer that agrees to %s', async (_, line) => {
    const agreeing = createServer();
    agreeing.on('upgrade', (request, socket) => {
      const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${line}\r\n\r\n`,
      );
    });
    expect(await open(`ws://${await listen(agreeing)}/`)).toMatchObject({ result: 'rejected', status: 101 });
  });
});

test('a connection that serves many requests is given no listener by each', async () => {
  const host = await http((_request, response) => response.end());
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on('warning', listener);
  closers.push(() => process.off('warning', listener));
  for (let i = 0; i < 12; i++) {
    await runtime.post({
      url: `http://${host}`,
      body: '{}',
      contentType: 'text/plain',
      keepalive: true,
      timeoutMs: 5000,
    });
  }
  // Node tells a warning in the next tick.
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

describe('a process', () => {
  const node = fileURLToPath(new URL('../../src/runtime/node.ts', import.meta.url));
  const run = (script: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const program = `import { nodeRuntime } from ${JSON.stringify(node)}; const runtime = nodeRuntime();
        process.on('exit', () => process.send({ msAfterScript: performance.now() - startedMs }));
        process.channel.unref(); ${script}; const startedMs = performance.now();`;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      child.once('message', ({ msAfterScript }: { msAfterScript: number }) => resolve(msAfterScript));
      child.once('error', reject);
    });

  test('is not kept alive by questions and deliveries that hang', async () => {
    const accepts = await listen(createTcpServer(() => {}));
    const script = `
      for (const host of ['${accepts}', '192.0.2.1:81', 'localhost:' + '${accepts}'.split(':')[1]]) {
        runtime.request({ url: 'http://' + host, mode: 'cors', timeoutMs: 20000 });
        runtime.request({ url: 'https://' + host, mode: 'cors', timeoutMs: 20000 });
        runtime.openWebSocket({ url: 'ws://' + host, timeoutMs: 20000, firstMessageMs: 20000 });
        runtime.openWebSocket({ url: 'wss://' + host, timeoutMs: 20000, firstMessageMs: 20000 });
        runtime.post({ url: 'http://' + host, body: '{}', contentType: 'text/plain', keepalive: false, timeoutMs: 20000 });
      }
      const lookup = (name, options, found) =>
        found(null, [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }]);
      runtime.request({ url: 'http://two.example:' + '${accepts}'.split(':')[1], mode: 'cors', timeoutMs: 20000, tls: { lookup } });
      runtime.delay(() => {}, 20000)`;
    expect(await run(script)).toBeLessThan(1500);
  });

  test('is not kept alive by a WebSocket that has opened', async () => {
    const silent = await webSocketServer(() => {});
    // Ends when the handshake has been answered, and not when the first message is given up.
    const script = `
      const release = runtime.holdProcess();
      runtime.openWebSocket({ url: 'ws://${silent}', timeoutMs: 20000, firstMessageMs: 20000 });
      setTimeout(release, 300)`;
    expect(await run(script)).toBeLessThan(2000);
  });

  test('is kept alive while it is held', async () => {
    const late = await http((_request, response) => void setTimeout(() => response.end(), 500));
    const script = `
      const release = runtime.holdProcess();
      runtime.post({ url: 'http://${late}', body: '{}', contentType: 'text/plain', keepalive: false, timeoutMs: 20000 }).then(release)`;
    const ms = await run(script);
    expect(ms).toBeGreaterThan(400);
    expect(ms).toBeLessThan(3000);
  });
});

/** A server that completes the handshake and leaves the rest to the test. */
function webSocketServer(talk: (socket: Socket) => void): Promise<string> {
  const io = createServer();
  io.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    talk(socket as Socket);
  });
  return listen(io);
}

function text(message: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, message.length]), Buffer.from(message)]);
}
