// Fills a store with records of the SDK whose ids, times, causes and dimensions differ, as a product would over two months.
import { readFileSync } from 'node:fs';
import { parseEnvelope } from '../../collector/dist/ingest/parse-envelope.js';
import { openSqliteStore } from '../../collector/dist/stores/sqlite/open-sqlite-store.js';
import { createRandom, dimensionsAt } from './batches.mjs';

export const FILLED_DAYS = 60;

const DAY_MS = 86_400_000;
const PAGES_PER_STEP = 250;

const codes = [
  ...readFileSync(new URL('../../CAUSES.md', import.meta.url), 'utf8').matchAll(/^## ([a-z0-9-]+)$/gm),
].map(([, code]) => code);

/** Adds pages with two sessions and two incidents each, from `from` incidents to `to`; resolves with the milliseconds of writing. */
export async function fill(data, { envelope, incidents, sessions }, from, to) {
  const store = openSqliteStore(data);
  const random = createRandom(from + 7);
  const short = incidents.filter((incident) => JSON.stringify(incident).length < 2500);
  const uuid = (kind, number) => `${kind}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  const pick = (list) => list[Math.floor(random() * list.length)];
  // As causes are: the tenth is seen a tenth as often as the first.
  const code = () => codes[Math.min(codes.length - 1, Math.floor(1 / (random() * 0.97 + 0.025)) - 1)];
  const startMs = Date.now() - FILLED_DAYS * DAY_MS;
  let writingMs = 0;
  let step = [];
  for (let number = from / 2; number < to / 2; number += 1) {
    // In the order of time, as records come.
    const atMs = startMs + ((number - from / 2 + random()) / ((to - from) / 2)) * FILLED_DAYS * DAY_MS;
    const { app, runtime } = dimensionsAt(random, atMs);
    const iso = (afterMs) => new Date(atMs + afterMs).toISOString();
    const records = [0, 1].flatMap((index) => [
      incidentOf(pick(short), uuid('11111111', number * 2 + index), code(), iso(index * 600_000 * random()), pick),
      sessionOf(pick(sessions), uuid('22222222', number * 2 + index), iso(0), random),
    ]);
    const body = JSON.stringify({
      ...envelope,
      app,
      session: { ...envelope.session, id: uuid('33333333', number), startedAt: iso(0), runtime },
      batch: uuid('44444444', number),
      sentAt: iso(1000),
      records,
    });
    step.push(parseEnvelope(body, atMs + 1000).batch);
    if (step.length === PAGES_PER_STEP) {
      const startedAt = performance.now();
      await store.write(step);
      writingMs += performance.now() - startedAt;
      step = [];
      // Only between turns of the event loop libsql gives back what answers took.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await store.write(step);
  await store.close();
  return writingMs;
}

function incidentOf(template, id, code, openedAt, pick) {
  const certainty = pick(['confirmed', 'confirmed', 'suspected']);
  const diagnosis = { ...template.diagnosis, code, title: `Title of ${code}`, certainty };
  return {
    ...template,
    id,
    diagnosis,
    status: pick(['resolved', 'resolved', 'abandoned', 'open']),
    openedAt,
    updatedAt: openedAt,
  };
}

function sessionOf(template, id, startedAt, random) {
  const connected = random() < 0.97;
  const { timeToConnectMs: _, timeToUpgradeMs: upgrade, ...rest } = template;
  return {
    ...rest,
    id,
    startedAt,
    updatedAt: startedAt,
    connected,
    ...(connected && { timeToConnectMs: Math.round(20 * 10 ** (random() + random() + random() * 0.5)) }),
    ...(connected && random() < 0.9 && { timeToUpgradeMs: upgrade ?? 100 }),
  };
}
