import { createHash } from 'node:crypto';
import { request as ask, createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Listening, listen } from './listen.js';

/** How a proxy treats a request to upgrade. */
export type UpgradeTreatment =
  | 'pass'
  /** Closes the TCP connection without a response. */
  | 'close'
  /** Never answers. */
  | 'hang'
  /** Answers 101 and then drops every frame. */
  | 'swallow'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** Bytes of a WebSocket after its handshake, as they arrive, counted from 0: which of them are passed on. */
export type Relay = (bytes: Buffer, turn: number, client: Duplex) => Buffer | undefined;

export interface ReverseProxySetup {
  /** Port of the upstream server, for all or for each request. */
  readonly target: number | ((request: IncomingMessage) => number);
  readonly upgrade?: UpgradeTreatment;
  /** Path and query as the upstream server should see them; `undefined` if the proxy knows no such route and responds with 404. */
  readonly rewrite?: (path: string, request: IncomingMessage) => string | undefined;
  /** Returns true if it responded by itself. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The status of a response that the client sees. */
  readonly status?: (status: number, request: IncomingMessage) => number;
  /** The method that the upstream server sees. */
  readonly method?: (method: string) => string;
  /** The head of the response to an upgrade, as the client sees it. */
  readonly upgradeHead?: (head: string) => string;
  readonly toServer?: Relay;
  readonly toClient?: Relay;
}

/** A small HTTP reverse proxy with one thing wrong, or nothing. */
export function startReverseProxy({
  target,
  upgrade = 'pass',
  rewrite = (path) => path,
  intercept = () => false,
  status = (told) => told,
  method: methodOf = (asked) => asked,
  upgradeHead,
  toServer,
  toClient,
}: ReverseProxySetup): Promise<Listening> {
  const portFor = (request: IncomingMessage) => (typeof target === 'number' ? target : target(request));

  const server = createServer((request, response) => {
    if (intercept(request, response)) return;
    const path = rewrite(request.url ?? '/', request);
    if (path === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return;
    }
    const { headers } = request;
    const method = methodOf(request.method ?? 'GET');
    const behind = ask({ host: '127.0.0.1', port: portFor(request), method, path, headers, agent: false }, (answer) => {
      // The client whose request was intercepted may have given up meanwhile.
      if (response.headersSent) return void answer.resume();
      response.writeHead(status(answer.statusCode ?? 502, request), answer.headers);
      answer.pipe(response);
    });
    behind.on('error', () => response.headersSent || response.writeHead(502).end('Bad Gateway'));
    response.on('close', () => behind.destroy());
    request.pipe(behind);
  });

  server.on('upgrade', (request, client: Duplex, begun: Buffer) => {
    client.on('error', () => {});
    const path = rewrite(request.url ?? '/', request);
    if (path === undefined || typeof upgrade === 'object') {
      const { status, body = '', headers = {} } = typeof upgrade === 'object' ? upgrade : { status: 404 };
      client.end(
        [
          `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
          ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
          `content-length: ${Buffer.byteLength(body)}`,
          'connection: close',
          '',
          body,
        ].join('\r\n'),
      );
    } else if (upgrade === 'close') {
      client.destroy();
    } else if (upgrade === 'swallow') {
      client.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${acceptFor(request)}\r\n\r\n`,
      );
      client.resume();
    } else if (upgrade === 'pass') {
      const behind = connect(portFor(request), '127.0.0.1', () => {
        behind.write(`GET ${path} HTTP/1.1\r\n${rawHeaderLines(request)}\r\n\r\n`);
        behind.write(begun);
      });
      if (upgradeHead || toServer || toClient) relay(client, behind);
      else behind.pipe(client).pipe(behind);
      behind.on('error', () => client.destroy());
      behind.on('close', () => client.destroy());
      client.on('close', () => behind.destroy());
    }
  });

  function relay(client: Duplex, behind: Duplex): void {
    let head = '';
    let down = 0;
    let up = 0;
    behind.on('data', (bytes: Buffer) => {
      let frames = bytes;
      if (!head.includes(END_OF_HEAD)) {
        head += bytes.toString('latin1');
        const end = head.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
        if (end < END_OF_HEAD.length) return;
        frames = Buffer.from(head.slice(end), 'latin1');
        client.write((upgradeHead ?? String)(head.slice(0, end)), 'latin1');
      }
      const kept = frames.length > 0 && (toClient ? toClient(frames, down++, client) : frames);
      if (kept) client.write(kept);
    });
    client.on('data', (bytes: Buffer) => {
      const kept = toServer ? toServer(bytes, up++, client) : bytes;
      if (kept) behind.write(kept);
    });
    behind.on('end', () => client.end());
    client.on('end', () => behind.end());
  }
  return listen(server);
}

const END_OF_HEAD = '\r\n\r\n';

function rawHeaderLines({ rawHeaders }: IncomingMessage): string {
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return lines.join('\r\n');
}

/** RFC 6455, section 4.2.2: the proof that the server understood the handshake. */
function acceptFor(request: IncomingMessage): string {
  return createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
}
