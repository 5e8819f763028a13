import type { RequestListener, Server } from 'node:http';

/**
 * Adds something that reads the bodies of POST requests, as a body parser does, in front of everything that already listens on the server.
 */
export function readBodies(http: Server, { passAfterMs = 0 } = {}): void {
  const listeners = http.listeners('request') as RequestListener[];
  http.removeAllListeners('request');
  http.on('request', (request, response) => {
    const pass = () => {
      for (const listener of listeners) listener.call(http, request, response);
    };
    if (request.method === 'POST')
      request.resume().on('end', () => (passAfterMs ? setTimeout(pass, passAfterMs) : pass()));
    else pass();
  });
}
