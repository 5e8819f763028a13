import type { SignalBody } from './signals/signal.js';
import type { Timeline } from './signals/timeline.js';

/** Whether a connection keeps a poll in flight, which occupies one of the page's six connections to a host. */
export interface PollingHold {
  note(body: SignalBody): void;
  /** How many other sockets of the page poll the same host. */
  elsewhere(): number;
  release(): void;
}

/** All connections of the page share `polling`: who polls, and which host. */
export function createPollingHold(
  polling: Map<object, string>,
  owner: object,
  target: () => Timeline['target'],
): PollingHold {
  const host = () => `${target().host}:${target().port}`;
  const release = () => void polling.delete(owner);
  return {
    // From opening until the upgrade or the end, a poll is always in flight.
    note(body) {
      if (body.kind === 'engine-opened' && body.transport === 'polling') polling.set(owner, host());
      else if (body.kind === 'upgraded' || body.kind === 'engine-closed') release();
    },
    elsewhere() {
      const own = host();
      return [...polling].filter(([one, held]) => one !== owner && held === own).length;
    },
    release,
  };
}
