import type { FirstSeen, ReleaseRow, Store } from '../stores/store.js';

/** Knows which causes releases brought, from what the store saw first. */
export interface ReleaseHistory {
  /** What was first received since then, after reading everything new. */
  since(receivedMs: number): Promise<readonly FirstSeen[]>;
  /** Whether the app had releases before this one, and none of them had the cause. */
  isNew(seen: FirstSeen): Promise<boolean>;
}

/** A batch may take a while after it was received until it is on disk, and other collectors on the store have clocks of their own. */
const OVERLAP_MS = 300_000;
/** An app whose earlier release was in use this recently has something to compare with. */
const COMPARED_MS = 7 * 24 * 3_600_000;
const MAX_ENTRIES = 100_000;

interface First {
  readonly release: string;
  readonly atMs: number;
}

export function createReleaseHistory(store: Pick<Store, 'listFirstSeen' | 'compareReleases'>): ReleaseHistory {
  /** By app, and by app and cause. */
  const firsts = new Map<string, First>();
  const releasesOf = new Map<string, readonly ReleaseRow[]>();
  let readUntilMs = 0;

  const note = (key: string, { release, firstReceivedAtMs: atMs }: FirstSeen) => {
    const known = firsts.get(key);
    if (known === undefined ? firsts.size < MAX_ENTRIES : atMs < known.atMs) firsts.set(key, { release, atMs });
  };

  /** The store lists a limited number, oldest first: query again from where it stopped. */
  const readFrom = async (fromMs: number, onRow: (row: FirstSeen) => void) => {
    for (let atMs = fromMs; ; ) {
      const rows = await store.listFirstSeen(atMs);
      for (const row of rows) onRow(row);
      const lastMs = rows.at(-1)?.firstReceivedAtMs;
      if (lastMs === undefined || lastMs <= atMs) return;
      atMs = lastMs;
    }
  };

  return {
    async since(receivedMs) {
      releasesOf.clear();
      const recent = new Map<string, FirstSeen>();
      await readFrom(Math.min(receivedMs, Math.max(0, readUntilMs - OVERLAP_MS)), (row) => {
        note(row.app, row);
        note(JSON.stringify([row.app, row.code]), row);
        readUntilMs = Math.max(readUntilMs, row.firstReceivedAtMs);
        if (row.firstReceivedAtMs < receivedMs) return;
        recent.set(JSON.stringify([row.app, row.environment, row.release, row.code]), row);
      });
      return [...recent.values()];
    },
    async isNew({ app, release, code, firstReceivedAtMs }) {
      if (release === '' || firsts.get(JSON.stringify([app, code]))?.release !== release) return false;
      if (firsts.get(app)?.release !== release) return true;
      // No earlier release had any cause at all: one of them may have been healthy.
      if (!releasesOf.has(app)) {
        const sinceMs = firstReceivedAtMs - COMPARED_MS;
        releasesOf.set(app, await store.compareReleases({ app, sinceMs }));
      }
      return (releasesOf.get(app) ?? []).some(
        (row) => row.app === app && row.release !== release && row.firstAtMs < firstReceivedAtMs,
      );
    },
  };
}
