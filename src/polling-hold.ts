import type { SignalBody } from './signals/signal.js';
import type { Timeline } from './signals/timeline.js';

/** Whether a connection keeps a poll under way, which takes one of the six connections of a page to a host. */
export interface PollingHold {
  note(body: SignalBody): void;
  /** How many other sockets of the page poll the same host. */
  elsewhere(): number;
  release(): void;
}

/** `polling` is shared by all connections of the page: who polls, and which host. */
export function createPollingHold(
  polling: Map<object, string>,
  owner: object,
  target: () => Timeline['target'],
): PollingHold {
  const host = () => `${target().host}:${target().port}`;
  const release = () => void polling.delete(owner);
  return {
    // From the opening to the upgrade or the end: then a poll is always under way.
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
