import type { StoreChanges } from '../stores/store.js';
import type { LiveFeed } from './live-feed.js';

/** A delay of some seconds still counts as live, and each check is a query. */
const EVERY_MS = 1000;

/** Announces to the live feed what any collector stored, as long as somebody listens. */
export function publishChanges(feed: LiveFeed, read: () => Promise<StoreChanges>): { stop(): Promise<void> } {
  let looking: Promise<void> | undefined;
  const look = async () => {
    try {
      feed.publish(await read());
    } catch {
      // Writes and health checks report what is wrong with the store; the next check finds what this one missed.
    }
    looking = undefined;
  };
  const timer = setInterval(() => {
    if (feed.listeners > 0) looking ??= look();
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
