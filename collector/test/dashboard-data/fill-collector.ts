import { startSocketIo } from '../../../test/faults/_kit/socketio-server.js';
import { resolveExampleNames } from './example-names.js';
import { type Plan, planVisits } from './plan-visits.js';
import type { Receive } from './receive-into.js';
import { visit } from './visit.js';

/** Two cores serve so many clients and servers at once without timing each other out. */
const AT_ONCE = 16;

/** Fills a collector with the past days of a product: planned visits, each a real client with the real SDK. */
export async function fillCollector(
  receive: Receive,
  { visits, days, seed, nowMs = Date.now() }: Omit<Plan, 'nowMs'> & { readonly nowMs?: number },
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  const giveBack = resolveExampleNames();
  const healthy = await startSocketIo({
    setup: (io) =>
      io.use((socket, next) => {
        const { auth } = (socket as unknown as { handshake: { auth: { admissionMs?: number } } }).handshake;
        setTimeout(next, auth.admissionMs ?? 0);
      }),
  });
  try {
    const planned = [...planVisits({ visits, days, seed, nowMs })];
    let done = 0;
    const work = async () => {
      for (let next = planned.shift(); next !== undefined; next = planned.shift()) {
        await visit(next, { receive, healthyUrl: healthy.url });
        onProgress(++done);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await healthy.close();
    giveBack();
  }
}
