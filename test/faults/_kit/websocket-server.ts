import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Listening, listen } from './listen.js';

/** A plain WebSocket server on every path; its HTTP side responds with 426, as `ws` does when it listens by itself. */
export async function startWebSocket(onConnection: (socket: WebSocket) => void = () => {}): Promise<Listening> {
  const http = createServer((_request, response) => {
    response.writeHead(426, { 'content-type': 'text/plain' });
    response.end('Upgrade Required');
  });
  new WebSocketServer({ server: http }).on('connection', (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  return listen(http);
}
