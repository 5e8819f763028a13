// Serves the page, and both scripts from this repository instead of a CDN.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const root = new URL('../../', import.meta.url);
const files = {
  '/': ['text/html', 'examples/cdn/index.html'],
  '/socket.io.min.js': ['text/javascript', 'node_modules/socket.io-client/dist/socket.io.min.js'],
  '/socket.io-diagnostics.min.js': ['text/javascript', 'dist/socket.io-diagnostics.min.js'],
};

const server = createServer((request, response) => {
  const [type, file] = files[request.url] ?? [];
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': type }).end(readFileSync(new URL(file, root)));
});
server.listen(0, '127.0.0.1', () => console.log(`Open http://127.0.0.1:${server.address().port}/`));
