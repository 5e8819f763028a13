// A Node client that requests a namespace which the server does not have, and prints the diagnosis.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { explain, withDiagnostics } from 'socket.io-diagnostics';

const httpServer = createServer();
new Server(httpServer);
await new Promise((listening) => httpServer.listen(0, '127.0.0.1', listening));
const { port } = httpServer.address();

const socket = withDiagnostics(io(`http://127.0.0.1:${port}/chat`), {
  app: { name: 'example-node' },
});

socket.on('connect_error', (error) => console.log(`connect_error: ${error.message}`));

socket.diagnostics.on('diagnosis', ({ diagnosis }) => {
  const { summary, remedy, snippet } = explain(diagnosis);
  console.log(`\n${diagnosis.certainty} ${diagnosis.code}: ${diagnosis.title}\n\n${summary}\n`);
  for (const { claim } of diagnosis.evidence) console.log(`- ${claim}`);
  console.log(`\nFix: ${remedy}${snippet ? `\n\n  ${snippet}` : ''}`);

  socket.diagnostics.dispose();
  socket.disconnect();
  httpServer.close();
  httpServer.closeAllConnections();
});
