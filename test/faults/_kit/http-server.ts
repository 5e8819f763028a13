import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type Listening, listen } from './listen.js';

/** How a plain HTTP server responds to every request. */
export interface PlainAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Lets pages of any origin read the response. */
  readonly cors?: boolean;
}

/** A plain HTTP server that knows nothing of Socket.IO and gives the same response to everything, or does what `answer` does. */
export function startHttp(answer: PlainAnswer | RequestListener): Promise<Listening> {
  if (typeof answer === 'function') return listen(createServer(answer));
  return listen(
    createServer((request, response) => {
      setTimeout(() => {
        response.writeHead(answer.status ?? 200, { ...(answer.cors ? corsHeaders(request) : {}), ...answer.headers });
        response.end(answer.body ?? '');
      }, answer.delayMs ?? 0);
    }),
  );
}

/** The headers that let the requesting page read the response, with credentials (clients up to 2.x always send them). */
export function corsHeaders(request: IncomingMessage): Record<string, string> {
  const origin = request.headers.origin;
  return origin === undefined
    ? {}
    : { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
}
