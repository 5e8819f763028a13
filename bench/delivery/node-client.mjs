// The incident in a Node process: told to it what to do, tells back what must arrive.
import { withDiagnostics } from '../../dist/index.node.mjs';
import { startIncidents } from './incident-source.mjs';

let source;
process.on('message', async (message) => {
  if (message.stop) return source.stop();
  const { start } = await import(message.carrier);
  source = startIncidents({
    withDiagnostics,
    carrier: start(message.url),
    target: message.target,
    sockets: message.sockets,
    tell: (event) => process.send({ ...event, at: Date.now() }),
  });
});
process.send({ type: 'ready' });
