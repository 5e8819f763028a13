// What the pages of the dashboard ask, straight from the store.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createAsk } from '../../collector/dist/stores/sqlite/ask.js';
import { rankCauses, readCause } from '../../collector/dist/stores/sqlite/causes.js';
import { compareReleases } from '../../collector/dist/stores/sqlite/compare-releases.js';
import { facets } from '../../collector/dist/stores/sqlite/facets.js';
import { listIncidents } from '../../collector/dist/stores/sqlite/list-incidents.js';
import { openDatabase } from '../../collector/dist/stores/sqlite/open-database.js';
import { overview } from '../../collector/dist/stores/sqlite/overview.js';

const DAY_MS = 86_400_000;
const REPEATS = 5;

export const PERIODS = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, all: undefined };

const QUESTIONS = {
  overview,
  causes: rankCauses,
  incidents: (ask, scope) => listIncidents(ask, { ...scope, limit: 50 }),
  cause: (ask, scope) => readCause(ask, mostFrequent(ask), scope),
  'incidents of a cause': (ask, scope) => listIncidents(ask, { ...scope, code: mostFrequent(ask), limit: 50 }),
  releases: compareReleases,
  facets,
};

/** Further ones, over all time: with filters that few or most pass, and searches. */
const FILTERED = {
  'overview of an environment': (ask) => overview(ask, { environment: 'production' }),
  'overview of a network type': (ask) => overview(ask, { networkType: 'wifi' }),
  'causes of an environment': (ask) => rankCauses(ask, { environment: 'production' }),
  'causes of an engine': (ask) => rankCauses(ask, { engine: 'webkit' }),
  'open incidents of a rare app': (ask) =>
    listIncidents(ask, { app: 'chat-kiosk', environment: 'test', status: 'open', limit: 50 }),
  'search that finds much': (ask) => listIncidents(ask, { search: 'chat', limit: 50 }),
  'search that finds nothing': (ask) => listIncidents(ask, { search: 'no such text', limit: 50 }),
};

export const VIEWS = {
  'Start page': ['overview', 'causes', 'incidents', 'facets'],
  'A cause': ['cause', 'incidents of a cause', 'facets'],
  Releases: ['releases', 'facets'],
};

/** Milliseconds of each question and of each view; the cause is the most frequent one, whose answer takes the longest. */
export async function askEverything(data) {
  const path = join(data, 'collector.db');
  const db = openDatabase(path);
  const ask = createAsk(db);
  const questions = {};
  for (const [period, lengthMs] of Object.entries(PERIODS)) {
    const scope = scopeOf(lengthMs);
    for (const [name, question] of Object.entries(QUESTIONS)) {
      questions[`${name}, ${period}`] = medianMs(() => question(ask, scope));
    }
  }
  const views = {};
  for (const [view, names] of Object.entries(VIEWS)) {
    for (const period of Object.keys(PERIODS)) {
      views[`${view}, ${period}`] = names.reduce((sum, name) => sum + questions[`${name}, ${period}`], 0);
    }
  }
  for (const [name, question] of Object.entries(FILTERED)) questions[`${name}, all`] = medianMs(() => question(ask));
  db.close();
  return { questions, views, sizeBytes: statSync(path).size };
}

/** The steps of SQLite's plan for each question over 30 days. */
export async function plansOf(data) {
  const db = openDatabase(join(data, 'collector.db'));
  const answer = createAsk(db);
  const all = Object.entries(QUESTIONS).map(([question, work]) => {
    const steps = new Set();
    const ask = (sql, ...values) => {
      for (const { detail } of db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)) steps.add(detail);
      return answer(sql, ...values);
    };
    work(ask, scopeOf(PERIODS['30d']));
    return { question, plan: [...steps] };
  });
  db.close();
  return all;
}

/** As the read API makes it of a period: from the beginning of a bar on. */
function scopeOf(lengthMs) {
  if (lengthMs === undefined) return {};
  const bucketMs = lengthMs === DAY_MS ? 3_600_000 : lengthMs === 7 * DAY_MS ? 6 * 3_600_000 : DAY_MS;
  return { sinceMs: Math.floor((Date.now() - lengthMs) / bucketMs) * bucketMs };
}

let frequent;
function mostFrequent(ask) {
  frequent ??= rankCauses(ask, {})[0].code;
  return frequent;
}

/** Of processor time: the store works without waiting, and what else the machine does is not told by this. */
function medianMs(work) {
  const times = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[REPEATS >> 1];
}
