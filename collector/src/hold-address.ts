import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CollectorError } from './collector-error.js';

/** As soon as it is worth while to come again. */
const RETRY_AFTER_S = 10;

/**
 * Takes an address until the server is made that listens there, so that a start that cannot have it makes nothing, no database most of all.
 * Whoever comes meanwhile gets 503 and is told `why`, if there is more to say than that it starts. Resolves with what lets it go; rejects with
 * a `CollectorError` that says what stands in the way.
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
    ? { status: 'failing', reason, advice: `Wait. ${why ?? 'The collector starts.'}` }
    : { error: `The collector starts, and nothing of this was stored. ${why ?? ''}`.trim() };
  response.writeHead(503, {
    'content-type': 'application/json; charset=utf-8',
    'retry-after': String(RETRY_AFTER_S),
    'cache-control': 'no-store',
    // A page that sends records reads when to come again.
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Retry-After',
    connection: 'close',
  });
  response.end(JSON.stringify(body));
  request.resume();
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
