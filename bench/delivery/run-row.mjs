import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startNodeClient, startPageClient } from './clients.mjs';
import { readStore, startReceiver } from './receiver.mjs';

/** What an SDK tells in the last moments of a page or process cannot be expected of it. */
const LAST_MOMENTS_MS = 300;

/** Sends one incident (or as many as the row says) of one peer through one fault; says what became of it. */
export async function runRow(row, peer, place, { shared, pages }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'stored.jsonl');
  const receiver = await startReceiver({ peer: peer.name, file });
  const told = [];
  let ended = Number.POSITIVE_INFINITY;
  const cleanups = [];
  const start = place === 'node' ? startNodeClient : startPageClient;
  const client = await start({
    shared,
    pages,
    carrier: peer.carrier[place],
    url: receiver.url,
    sockets: row.sockets ?? 1,
    own: row.own,
    virtual: row.virtual,
    tell: (event) => told.push({ ...event, toldAt: Date.now() }),
  });
  const incidents = () => told.filter(({ type }) => type === 'opened').slice(0, row.sockets ?? 1);
  const timesStored = (id) =>
    readStore(file).filter(({ ids, revision }) => ids.includes(id) && revision === undefined).length;
  const highest = (id) =>
    Math.max(
      0,
      ...readStore(file)
        .filter(({ ids }) => ids.includes(id))
        .map(({ revision }) => revision ?? 0),
    );
  const times = (id) => (peer.name === 'socket.io-diagnostics' ? Math.min(1, highest(id)) : timesStored(id));
  const until = async (holds, limitMs) => {
    const limit = Date.now() + limitMs;
    while (!holds() && Date.now() < limit) await wait(100);
    return holds();
  };

  const t = {
    row,
    peer,
    receiver,
    client,
    file,
    canStoreAt: undefined,
    lateMs: undefined,
    onEnd: (cleanup) => cleanups.push(cleanup),
    /** The last incident that the row makes is open. */
    async opened() {
      if (!(await until(() => incidents().length >= (row.sockets ?? 1), 30_000))) throw new Error('no incident opened');
      return incidents().at(-1);
    },
    /** The receiver was asked with an incident. */
    asked: () => until(() => receiver.state.seen.some(({ decision }) => decision.status !== undefined), 45_000),
    isStored: () => incidents().length > 0 && incidents().every(({ id }) => times(id) > 0),
    arrived: async (windowMs) => {
      await t.opened();
      await until(() => t.isStored() || Date.now() > (t.canStoreAt ?? Date.now()) + windowMs, windowMs + 60_000);
    },
  };

  try {
    await row.run(t);
    const isAlive = place === 'node' || !client.page.isClosed();
    ended = Date.now();
    const lost = [];
    if (peer.name === 'socket.io-diagnostics' && t.isStored()) {
      // Of ours every record counts, in its last revision: also the figures of the session.
      if (isAlive && !row.virtual) await client.stop();
      const given = () => {
        const last = new Map();
        for (const { type, id, revision, toldAt, kind } of told) {
          if (type === 'given' && (isAlive || toldAt < ended - LAST_MOMENTS_MS)) last.set(id, { revision, kind });
        }
        return last;
      };
      const missing = () => [...given()].filter(([id, { revision }]) => highest(id) < revision);
      if (isAlive) await until(() => missing().length === 0, 20_000);
      lost.push(
        ...missing()
          .filter(([id]) => isAlive || highest(id) === 0)
          .map(([id, { kind, revision }]) => `${kind} ${id} revision ${revision}`),
      );
    }
    const counts = incidents().map(({ id }) => times(id));
    const rowsOf = readStore(file).filter(({ ids }) => incidents().some(({ id }) => ids.includes(id)));
    const storedAt = Math.min(...rowsOf.map(({ at }) => at));
    return {
      incident: incidents()[0]?.incident,
      incidents: counts.length,
      lost: counts.filter((count) => count === 0).length,
      once: counts.filter((count) => count === 1).length,
      more: counts.filter((count) => count > 1).length,
      most: Math.max(...counts),
      lateMs:
        t.lateMs ??
        (Number.isFinite(storedAt) ? Math.max(0, storedAt - (t.canStoreAt ?? incidents()[0].at)) : undefined),
      otherRecordsLost: lost,
      requests: receiver.state.seen.length,
    };
  } finally {
    await client.end().catch(() => {});
    for (const cleanup of cleanups) cleanup();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
