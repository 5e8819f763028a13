// Two connections in one process, one of them wrapped, take turns of a fraction of a second: what else the machine does meanwhile falls
// on both. Prints the turns as JSON.
import { io } from 'socket.io-client';
import { withDiagnostics } from '../dist/index.node.mjs';

const [port, transport, pairs] = process.argv.slice(2);
const IN_FLIGHT = 100;
const TURN_MS = 250;
const WARM_UP_PAIRS = 4;

const connect = () => io(`http://127.0.0.1:${port}`, { transports: [transport], forceNew: true });
const sockets = {
  plain: connect(),
  // With somewhere to send to, as in production.
  wrapped: withDiagnostics(connect(), { collector: { send: async () => ({ ok: true }) } }),
};

const turns = [];
for (let index = 0; index < Number(pairs) + WARM_UP_PAIRS; index++) {
  const pair = {};
  for (const mode of index % 2 === 0 ? ['plain', 'wrapped'] : ['wrapped', 'plain'])
    pair[mode] = await turn(sockets[mode]);
  if (index >= WARM_UP_PAIRS) turns.push(pair);
}
console.log(JSON.stringify(turns));
process.exit();

/** Keeps a hundred messages on their way for a moment, and waits until the last is back. */
function turn(socket) {
  return new Promise((done) => {
    const startedAt = performance.now();
    const startedCpu = process.cpuUsage();
    let sent = 0;
    let echoed = 0;
    const send = () => {
      sent += 1;
      socket.emit('message', 'a short text', { and: 'an object', of: 3 });
    };
    const onMessage = () => {
      echoed += 1;
      const elapsedMs = performance.now() - startedAt;
      if (elapsedMs < TURN_MS) send();
      else if (echoed === sent) {
        socket.off('message', onMessage);
        const { user, system } = process.cpuUsage(startedCpu);
        done({ perSecond: (echoed / elapsedMs) * 1_000, perCpuSecond: (echoed / (user + system)) * 1_000_000 });
      }
    };
    socket.on('message', onMessage);
    for (let index = 0; index < IN_FLIGHT; index++) send();
  });
}
