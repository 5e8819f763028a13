import type { Runtime, TextStorage } from '../runtime/runtime.js';
import type { Entry } from './entry.js';
import type { DropReason } from './envelope.js';
import { trimEntries } from './trim-entries.js';
import { utf8Bytes } from './utf8-bytes.js';

/** Copies of unacknowledged records in the page's storage, shared by all tabs of the origin. */
export interface Persistence {
  /** Takes over what earlier page loads left behind, and how long their receiver asked to be left alone. */
  claim(): Promise<{ readonly entries: readonly Entry[]; readonly waitMs: number }>;
  /** Keeps copies. Other tabs leave them alone for `holdMs`, or take them over at once when the page is left. */
  keep(
    entries: readonly Entry[],
    hold: { readonly leaving: boolean; readonly holdMs: number; readonly told: boolean },
  ): void;
  /** Removes the copies of records that are safe, or lost for good. */
  forget(entries: readonly Entry[]): void;
}

interface Ring {
  /** Milliseconds since the epoch before which the receiver is not to be asked. */
  readonly notBefore: number;
  readonly entries: readonly Kept[];
}

interface Kept extends Entry {
  /** Milliseconds since the epoch until which a tab is at work on it. */
  readonly until: number;
}

const MAX_AGE_MS = 172_800_000;
/** Longer than the longest back-off, so that a tab at work renews in time; what a crashed tab left is taken over after it. */
const LEASE_MS = 120_000;

/** Copies for one sink under one key, whose version changes with the shape of what is stored. */
export function createPersistence({
  storage,
  runtime,
  name,
  lost,
}: {
  readonly storage: TextStorage;
  readonly runtime: Pick<Runtime, 'now' | 'exclusive'>;
  readonly name: string;
  /** Told of copies that are given up. */
  readonly lost: (reason: DropReason, entries: readonly Entry[]) => void;
}): Persistence {
  const key = `socket.io-diagnostics:1:${name}`;
  const mine = new Set<string>();

  function read(): Ring {
    try {
      const { notBefore, entries } = JSON.parse(storage.get(key) ?? '') as Ring;
      return { notBefore: Number(notBefore) || 0, entries: entries.filter(isKept) };
    } catch {
      return { notBefore: 0, entries: [] };
    }
  }

  function write(notBefore: number, entries: Kept[]): void {
    const gone = trimEntries(entries, ({ bytes, origin }) => bytes + utf8Bytes(JSON.stringify(origin)), NOTHING_TAKEN);
    while (entries.length && !storage.set(key, JSON.stringify({ notBefore, entries }))) {
      gone.push(...entries.splice(0, Math.ceil(entries.length / 2)));
    }
    if (!entries.length) storage.remove(key);
    if (gone.length) lost('storage-full', gone);
  }

  /** Under the lock nothing waits, so that a tab that freezes does not hold it. */
  function locked(task: () => void): Promise<void> {
    return runtime.exclusive(key, async () => task());
  }

  return {
    async claim() {
      const claimed: Entry[] = [];
      let waitMs = 0;
      await locked(() => {
        const { notBefore, entries } = read();
        if (!entries.length) return;
        const now = runtime.now();
        const isFresh = ({ since }: Kept) => now - since < MAX_AGE_MS;
        const expired = entries.filter((entry) => !isFresh(entry));
        if (expired.length) lost('expired', expired);
        waitMs = Math.min(Math.max(0, notBefore - now), MAX_AGE_MS);
        const kept = entries.filter(isFresh).map((entry) => {
          // A time further away than any tab sets comes from a clock that was wrong.
          if (entry.until > now && entry.until - now < MAX_AGE_MS) return entry;
          const { until: _, ...plain } = entry;
          claimed.push(plain);
          mine.add(plain.record.id);
          return { ...plain, until: now + waitMs + LEASE_MS };
        });
        write(notBefore, kept);
      });
      return { entries: claimed, waitMs };
    },

    keep(entries, { leaving, holdMs, told }) {
      if (!entries.length) return;
      for (const { record } of entries) mine.add(record.id);
      const store = () => {
        const now = runtime.now();
        const ring = read();
        const kept = new Map(ring.entries.map((entry) => [entry.record.id, entry]));
        for (const { record, origin, bytes, since } of entries) {
          const older = kept.get(record.id);
          if (older && older.record.revision > record.revision) continue;
          kept.set(record.id, { record, origin, bytes, since, until: leaving ? 0 : now + holdMs + LEASE_MS });
        }
        write(told ? now + holdMs : ring.notBefore, [...kept.values()]);
      };
      // There is no time to wait for a lock while a page goes away; two tabs that go in the same instant may then lose a copy.
      if (leaving) store();
      else void locked(store).catch(() => {});
    },

    forget(entries) {
      const safe = new Map<string, number>();
      for (const { record } of entries) if (mine.has(record.id)) safe.set(record.id, record.revision);
      if (!safe.size) return;
      void locked(() => {
        const { notBefore, entries: ring } = read();
        const rest = ring.filter(({ record }) => record.revision > (safe.get(record.id) ?? -1));
        if (rest.length < ring.length) write(notBefore, rest);
      }).catch(() => {});
    },
  };
}

const NOTHING_TAKEN = { records: 0, bytes: 0 };

/** Whatever shares the origin may write there. */
function isKept(entry: Kept | null): boolean {
  return (
    typeof entry?.record?.id === 'string' &&
    typeof entry.record.revision === 'number' &&
    typeof entry.origin?.session?.id === 'string' &&
    typeof entry.bytes === 'number' &&
    typeof entry.since === 'number'
  );
}
