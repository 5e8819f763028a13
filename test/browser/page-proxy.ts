import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { makeCertificate } from '../faults/_kit/certificate.js';
import { closeAll } from '../faults/_kit/close-all.js';
import { type Listening, listen } from '../faults/_kit/listen.js';

/** An HTTP proxy that has one document and gives it to whoever asks for that address, over TLS (self-signed) where it is https. */
export async function startPageProxy(address: string, html: string): Promise<Listening> {
  const { protocol, host, hostname } = new URL(address);
  const page = createServer((request, response) => {
    if (new URL(request.url ?? '/', address).href === address)
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    else response.writeHead(502).end();
  });
  const listening = await listen(page);
  if (protocol !== 'https:') return listening;
  const secure = createTlsServer(makeCertificate({ host: hostname }), page.listeners('request')[0] as never);
  const tls = await listen(secure as never);
  page.on('connect', (request, client) => {
    if (request.url !== (host.includes(':') ? host : `${host}:443`)) return client.destroy();
    const server = connect(tls.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    server.pipe(client).pipe(server);
  });
  return { ...listening, close: closeAll(listening, tls) };
}
