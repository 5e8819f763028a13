import { createServer } from 'node:net';
import { listen } from './listen.js';

/** A port that was free a moment ago: whoever dials it is refused until somebody listens there. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
