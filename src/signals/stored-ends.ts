import type { TextStorage } from '../runtime/runtime.js';
import { type EndedConnection, MAX_ENDED } from './ended-connections.js';
import type { TargetFacts } from './timeline.js';

/** How connections of earlier page loads ended: a user who reloads between two cuts has a rhythm, too. */
export interface StoredEnds {
  /** Oldest first, with times before now. */
  read(): readonly EndedConnection[];
  /** @param at the current moment, by the clock of the timeline to which the ends belong */
  write(ends: readonly EndedConnection[], at: number): void;
}

/** The number changes with the format of what is stored; what other versions left is not read. */
const KEY = 'socket.io-diagnostics:1:ended-connections';
/** How many servers are remembered; the one whose last cut is oldest goes first. */
const MAX_TARGETS = 4;
/** Longer ago, the user was in another network or behind another proxy. */
const MAX_AGE_MS = 6 * 3_600_000;

/** Ends by the origin and path of the server, with the time since the epoch in `at`. */
type Stored = Record<string, readonly EndedConnection[]>;

/** Only origin, path, times and codes are stored, and problems with the storage are nobody's error. */
export function createStoredEnds(
  storage: TextStorage | undefined,
  now: () => number,
  target: () => TargetFacts,
): StoredEnds {
  const name = () => {
    const { secure, host, port, path } = target();
    return `${secure ? 'https' : 'http'}://${host}:${port}${path}`;
  };
  const load = (): Stored => {
    try {
      const read: unknown = JSON.parse(storage?.get(KEY) ?? '{}');
      const kept: Stored = {};
      for (const [key, ends] of Object.entries(Object(read))) {
        const valid = Array.isArray(ends) ? ends.filter((end) => isEnd(end) && isFresh(end, now())) : [];
        if (valid.length > 0) kept[key] = valid.slice(-MAX_ENDED);
      }
      return kept;
    } catch {
      return {};
    }
  };
  return {
    read() {
      const nowMs = now();
      return (load()[name()] ?? []).map((end) => ({ ...end, at: end.at - nowMs, attempt: 0 }));
    },
    write(ends, at) {
      if (!storage) return;
      const key = name();
      const { [key]: before = [], ...others } = load();
      const offset = now() - at;
      const mine = ends.map((end) => ({ ...end, at: Math.round(end.at + offset) }));
      // Another tab writes here as well. The clocks of two page loads agree to within a few milliseconds.
      const theirs = before.filter((end) => mine.every((own) => Math.abs(own.at - end.at) > 100));
      const merged = [...theirs, ...mine].sort((a, b) => a.at - b.at).slice(-MAX_ENDED);
      for (const name of Object.keys(others).slice(0, 1 - MAX_TARGETS)) delete others[name];
      storage.set(KEY, JSON.stringify({ ...others, [key]: merged }));
    },
  };
}

function isEnd(value: unknown): value is EndedConnection {
  const { at, transport, reason, transportAgeMs, quietMs } = Object(value) as Partial<EndedConnection>;
  return (
    [at, transportAgeMs, quietMs].every((number) => typeof number === 'number' && Number.isFinite(number)) &&
    typeof transport === 'string' &&
    typeof reason === 'string'
  );
}

function isFresh({ at }: EndedConnection, now: number): boolean {
  return at <= now && now - at < MAX_AGE_MS;
}
