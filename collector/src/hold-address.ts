import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CollectorError } from './collector-error.js';

/** When it becomes worthwhile to try again. */
const RETRY_AFTER_S = 10;

/**
 * Holds an address until the server that listens there is ready, so that a start that cannot have it creates nothing, least of all a database.
 * Requests that come meanwhile get 503 and the reason `why`, if there is more to say than that it is starting. Resolves with a function that
 * releases the address; rejects with a `CollectorError` that says what prevents it.
 */
export async function holdAddress(
  host: string,
  port: number,
  why: () => string | undefined,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => answer(request, response, why()));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw listenError(error, host, port);
  }
  return () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

function answer(request: IncomingMessage, response: ServerResponse, why: string | undefined): void {
  const [path = ''] = (request.url ?? '').split('?');
  const reason = why === undefined ? 'starting' : 'migrating';
  const body = path.endsWith('/healthz')
    ? { status: 'failing', reason, advice: `Wait. ${why ?? 'The collector is starting.'}` }
    : { error: `The collector is starting, and nothing in this request was stored. ${why ?? ''}`.trim() };
  response.writeHead(503, {
    'content-type': 'application/json; charset=utf-8',
    'retry-after': String(RETRY_AFTER_S),
    'cache-control': 'no-store',
    // So that a page that sends records can read when to retry.
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Retry-After',
    connection: 'close',
  });
  response.end(JSON.stringify(body));
  request.resume();
}

/** Why a server does not listen, in one line if the operator can fix it. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new CollectorError(
        `Port ${port} on ${host} is in use. Stop the program that uses it, or choose another port with --port (0 picks a free one).`,
      );
    case 'EACCES':
    case 'EPERM':
      return new CollectorError(
        `Port ${port} needs more privileges than this process has. Choose a port above 1023 with --port.`,
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
