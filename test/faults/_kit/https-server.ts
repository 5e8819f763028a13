import { createServer, type ServerOptions } from 'node:https';
import { createRequire } from 'node:module';
import type { Certificate } from './certificate.js';
import { type Listening, listen } from './listen.js';

const load = createRequire(import.meta.url);

/** A healthy Socket.IO server behind TLS with the given certificate, and what else TLS is told. */
export async function startHttps(certificate: Certificate, options: ServerOptions = {}): Promise<Listening> {
  const https = createServer({ ...certificate, ...options });
  const { Server } = load('socket.io');
  const io = new Server(https, { cors: { origin: true, credentials: true } });
  const listening = await listen(https as never);
  return {
    ...listening,
    url: listening.url.replace('http:', 'https:'),
    close: async () => {
      io.engine.close();
      await listening.close();
    },
  };
}
