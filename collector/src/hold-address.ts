import { createServer } from 'node:net';
import { CollectorError } from './collector-error.js';

/**
 * Takes an address until the server is made that listens there, so that a start that cannot have it makes nothing, no database most of all.
 * Resolves with what lets it go; rejects with a `CollectorError` that says what stands in the way.
 */
export async function holdAddress(host: string, port: number): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw listenError(error, host, port);
  }
  return () => new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Why a server does not listen, in one line where the operator can mend it. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new CollectorError(
        `Port ${port} on ${host} is taken. Stop what uses it, or choose another with --port (0 picks a free one).`,
      );
    case 'EACCES':
    case 'EPERM':
      return new CollectorError(
        `Port ${port} needs more rights than this process has. Choose one above 1023 with --port.`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EAI_AGAIN':
    case 'EINVAL':
    case 'ENOTFOUND':
      return new CollectorError(`${host} is not an address of this machine (${code}). Choose another with --host.`);
    default:
      return error;
  }
}
