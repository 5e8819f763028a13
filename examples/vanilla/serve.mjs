// Bundles the page, serves it, and starts a Socket.IO server on another origin that forgot its CORS headers.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Server } from 'socket.io';

const listen = (server) =>
  new Promise((listening) =>
    server.listen(0, '127.0.0.1', () => listening(`http://127.0.0.1:${server.address().port}`)),
  );

const api = createServer();
new Server(api); // fixed by: new Server(api, { cors: { origin: '<address of the page>' } })
const serverUrl = await listen(api);

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('./main.js', import.meta.url))],
  bundle: true,
  format: 'esm',
  write: false,
  define: { SERVER_URL: JSON.stringify(serverUrl) },
});
const page = readFileSync(new URL('./index.html', import.meta.url));

const site = createServer((request, response) => {
  const isScript = request.url === '/main.js';
  response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
  response.end(isScript ? outputFiles[0].text : page);
});
console.log(`Open ${await listen(site)}/`);
