import { createSecureServer } from 'node:http2';
import type { Certificate } from './certificate.js';
import { type Listening, listen } from './listen.js';

/** A server that speaks HTTP/2 and nothing else, and knows nothing of Socket.IO. */
export async function startHttp2(certificate: Certificate): Promise<Listening> {
  const server = createSecureServer({ ...certificate }, (_request, response) => {
    response.writeHead(404).end();
  });
  const listening = await listen(server);
  return { ...listening, url: listening.url.replace('http:', 'https:') };
}
