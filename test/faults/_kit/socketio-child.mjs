// A Socket.IO server in a process of its own, so that it can be killed, stopped and started again. Told by IPC, tells its port by IPC.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

process.once('message', ({ version, port, options }) => {
  const loaded = load(version === '4' ? 'socket.io' : `socket.io-${version}`);
  const http = createServer();
  const legacy = version === '1' || version === '2';
  const io = legacy
    ? loaded(http, options)
    : new loaded.Server(http, { cors: { origin: true, credentials: true }, ...options });
  http.listen(port, '127.0.0.1', () => process.send({ port: http.address().port }));
  process.on('SIGTERM', () => {
    io.close();
    setTimeout(() => process.exit(0), 200);
  });
});
process.on('disconnect', () => process.exit(0));
