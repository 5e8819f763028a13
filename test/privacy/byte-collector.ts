import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { listen } from '../faults/_kit/listen.js';

/** A collector that takes everything and remembers each request with all its headers, bodies unpacked. */
export async function startByteCollector(status = 200) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      requests.push([`${request.method} ${request.url}`, ...request.rawHeaders, text.toString()].join('\n'));
      const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
      response.writeHead(request.method === 'OPTIONS' ? 204 : status, cors).end();
    });
  });
  const { url, close } = await listen(server);
  return { url, requests: requests as readonly string[], close };
}
