import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that operating systems assign on request, and above those that browsers refuse. */
const RANGE = [20_000, 32_000] as const;

/** A port on which nobody listens, and on which no other test will listen by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...RANGE);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
