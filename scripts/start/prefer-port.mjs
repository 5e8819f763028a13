import { createServer } from 'node:net';

/** Starts something on its usual port of loopback, or on any free one if that is in use. */
export async function preferPort(port, start) {
  return start((await isFree(port)) ? port : 0);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
