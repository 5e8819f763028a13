// A receiver in a process of its own that is killed as soon as the first incident is on disk, before it answers; started again it stores.
import { startReceiver } from './receiver.mjs';

const [peer, file, port, mode] = process.argv.slice(2);
const { port: actualPort } = await startReceiver({
  peer,
  file,
  port: Number(port),
  decide: ({ isMarked }) => (mode === 'die' && isMarked ? 'die' : 'store'),
  die: () => process.kill(process.pid, 'SIGKILL'),
});
process.send({ port: actualPort });
