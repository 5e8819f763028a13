// Prints how many messages per second come back, with a hundred on their way at any time.
import { io } from 'socket.io-client';

const [port, transport, mode] = process.argv.slice(2);
const IN_FLIGHT = 100;
const WARM_UP_MS = 700;
const MEASURED_MS = 1_500;

const watch = mode === 'wrapped' ? await watcher() : (socket) => socket;
const socket = watch(io(`http://127.0.0.1:${port}`, { transports: [transport] }));

let echoed = 0;
socket.on('message', () => {
  echoed += 1;
  socket.emit('message', 'a short text', { and: 'an object', of: 3 });
});
socket.on('connect', () => {
  for (let sent = 0; sent < IN_FLIGHT; sent++) socket.emit('message', 'a short text', { and: 'an object', of: 3 });
  setTimeout(() => {
    const before = echoed;
    const startedAt = performance.now();
    setTimeout(() => {
      console.log(((echoed - before) / (performance.now() - startedAt)) * 1_000);
      process.exit();
    }, MEASURED_MS);
  }, WARM_UP_MS);
});

/** With somewhere to send to, as in production. */
async function watcher() {
  const { withDiagnostics } = await import('../dist/index.node.mjs');
  return (socket) => withDiagnostics(socket, { collector: { send: async () => ({ ok: true }) } });
}
