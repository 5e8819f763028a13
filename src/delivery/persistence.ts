import type { Runtime, TextStorage } from '../runtime/runtime.js';
import type { Entry, Tally } from './entry.js';
import { trimEntries } from './trim-entries.js';
import { utf8Bytes } from './utf8-bytes.js';

/**
 * Copies of unacknowledged records in storage that several tabs, or processes, share. Each tab writes an entry of its own, as a whole and
 * without a lock: browsers announce a write to other processes late, so two tabs writing the same entry would undo each other's.
 */
export interface Persistence {
  /**
   * Takes over what others left behind; `adopt` must hold and keep it before it returns. Resolves with the milliseconds until the next
   * active tab may be considered dead; undefined if there is none.
   */
  claim(adopt: (left: Left) => void): Promise<number | undefined>;
  /** Replaces this tab's copies by what it holds now. */
  keep(held: Held): void;
  /** Whether somebody took over what was last kept, because this tab seemed dead. */
  isTakenOver(): boolean;
}

export interface Held {
  readonly entries: readonly Entry[];
  readonly tallies: readonly Tally[];
  /** How long the receiver asked to be left alone. */
  readonly waitMs: number;
  /** How long others should leave the copies alone. */
  readonly holdMs: number;
}

export interface Left extends Pick<Held, 'entries' | 'tallies' | 'waitMs'> {
  /** Records that did not fit. */
  readonly missing: number;
  /** Records that were too old. */
  readonly expired: number;
}

/** What is read without parsing the rest: tabs check each other's sizes whenever they write. */
interface Head {
  /** Milliseconds since the epoch when it was written. */
  readonly at: number;
  readonly holdMs: number;
  readonly waitMs: number;
  readonly records: number;
}

interface Body {
  readonly entries: Entry[];
  readonly tallies: Tally[];
  readonly missing: number;
}

const PREFIX = 'socket.io-diagnostics:1:';
const MAX_AGE_MS = 172_800_000;
/** A clock that was set back makes leases and ages meaningless: anything written this far in the future was written by a wrong clock. */
const MAX_SKEW_MS = 60_000;

/** Copies for one sink. The number in the key is the version of the format: entries of other versions are left alone. */
export function createPersistence({
  storage,
  runtime,
  name,
}: {
  readonly storage: TextStorage;
  readonly runtime: Pick<Runtime, 'now' | 'exclusive' | 'uuid'>;
  readonly name: string;
}): Persistence {
  const shared = `${PREFIX}${name}:`;
  const mine = shared + runtime.uuid();
  let isKept = false;
  // The rest is an id: a longer name of another receiver may start with this one.
  const isShared = (key: string) => key.startsWith(shared) && !key.slice(shared.length).includes(':');
  const others = () => storage.keys().filter((key) => isShared(key) && key !== mine);

  /** False if nothing of it is stored afterwards. */
  function store(key: string, head: Head, body: Body): boolean {
    const { entries, tallies } = body;
    let { missing } = body;
    for (;;) {
      if (!entries.length && !tallies.length && !missing) break;
      const { at, holdMs, waitMs } = head;
      const fields = [at, holdMs, waitMs, entries.length].map(Math.round);
      if (storage.set(key, `[${fields},${JSON.stringify({ missing, tallies, entries })}]`)) return true;
      if (!entries.length) break;
      missing += entries.splice(0, Math.ceil(entries.length / 2)).length;
    }
    storage.remove(key);
    return false;
  }

  /** Makes room in the entries of others, too, if this tab's records matter more. */
  function makeRoom(own: Entry[]): void {
    const texts = others().map((key) => ({ key, text: storage.get(key) ?? '' }));
    const taken = {
      records: texts.reduce((sum, { text }) => sum + (headOf(text)?.records ?? 0), 0),
      bytes: texts.reduce((sum, { text }) => sum + text.length, 0),
    };
    if (!trimEntries([...own], weigh, taken).length) return;
    const bodies: { readonly key: string; readonly head: Head; readonly body: Body }[] = [];
    for (const { key, text } of texts) {
      const head = headOf(text);
      if (head) bodies.push({ key, head, body: bodyOf(text) });
    }
    const all = own.concat(...bodies.map(({ body }) => body.entries)).sort((a, b) => a.since - b.since);
    const gone = new Set(trimEntries(all, weigh, { records: 0, bytes: 0 }));
    for (const { key, head, body } of bodies) {
      const entries = body.entries.filter((entry) => !gone.has(entry));
      const removed = body.entries.length - entries.length;
      if (removed) store(key, head, { ...body, entries, missing: body.missing + removed });
    }
    own.splice(0, own.length, ...own.filter((entry) => !gone.has(entry)));
  }

  return {
    async claim(adopt) {
      let next: number | undefined;
      const lock = storage.exclusive ? storage : runtime;
      await lock.exclusive?.(shared, async () => {
        const now = runtime.now();
        const entries: Entry[] = [];
        const tallies: Tally[] = [];
        let waitMs = 0;
        let missing = 0;
        let expired = 0;
        for (const key of others()) {
          const text = storage.get(key) ?? '';
          const head = headOf(text);
          const isSane = head && head.at <= now + MAX_SKEW_MS;
          if (isSane) waitMs = Math.max(waitMs, head.at + head.waitMs - now);
          const restMs = isSane ? head.at + head.holdMs - now : 0;
          if (restMs > 0) {
            next = Math.min(next ?? restMs, restMs);
            continue;
          }
          storage.remove(key);
          if (!head) continue;
          const body = bodyOf(text);
          for (const entry of body.entries) {
            if (now - entry.since >= MAX_AGE_MS) expired++;
            else entries.push({ ...entry, since: Math.min(entry.since, now) });
          }
          tallies.push(...body.tallies);
          missing += body.missing;
        }
        // A receiver that no page uses any more leaves entries that nobody claims.
        for (const key of storage.keys()) {
          if (!key.startsWith(PREFIX) || isShared(key)) continue;
          const head = headOf(storage.get(key) ?? '');
          if (head && now - head.at >= MAX_AGE_MS) storage.remove(key);
        }
        adopt({ entries, tallies, waitMs, missing, expired });
      });
      return next;
    },

    keep({ entries: held, tallies, holdMs, waitMs }) {
      const entries = [...held];
      if (entries.length) makeRoom(entries);
      const head = { at: runtime.now(), holdMs, waitMs, records: entries.length };
      isKept = store(mine, head, { entries, tallies: [...tallies], missing: held.length - entries.length });
    },

    isTakenOver: () => isKept && storage.get(mine) === undefined,
  };
}

function weigh({ bytes, origin }: Entry): number {
  return bytes + utf8Bytes(JSON.stringify(origin));
}

function headOf(text: string): Head | undefined {
  const [, at, holdMs, waitMs, records] = /^\[(\d+),(\d+),(\d+),(\d+),/.exec(text) ?? [];
  if (records === undefined) return undefined;
  // Anything that shares the origin may write there; a timer of more than 24 days would fire at once.
  const spanMs = (digits: string | undefined) => Math.min(Number(digits), MAX_AGE_MS);
  return { at: Number(at), holdMs: spanMs(holdMs), waitMs: spanMs(waitMs), records: Number(records) };
}

/** Anything that shares the origin may write there. */
function bodyOf(text: string): Body {
  try {
    const { missing, entries, tallies } = JSON.parse(text)[4];
    return {
      missing: Number(missing) || 0,
      entries: Array.isArray(entries) ? entries.filter(isEntry) : [],
      tallies: Array.isArray(tallies) ? tallies.filter(isTally) : [],
    };
  } catch {
    return { missing: 0, entries: [], tallies: [] };
  }
}

function isEntry(entry: Entry | null): boolean {
  return (
    typeof entry?.record?.id === 'string' &&
    typeof entry.record.revision === 'number' &&
    typeof entry.origin?.session?.id === 'string' &&
    typeof entry.bytes === 'number' &&
    typeof entry.since === 'number'
  );
}

function isTally(tally: Tally | null): boolean {
  return (
    typeof tally?.id === 'string' &&
    typeof tally.origin?.session?.id === 'string' &&
    Object.values(tally.dropped ?? { '': '' }).every((records) => typeof records === 'number')
  );
}
