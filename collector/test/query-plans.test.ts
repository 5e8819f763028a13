import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { parseEnvelope } from '../src/ingest/parse-envelope.js';
import { type Ask, createAsk } from '../src/stores/sqlite/ask.js';
import { rankCauses, readCause } from '../src/stores/sqlite/causes.js';
import { compareReleases } from '../src/stores/sqlite/compare-releases.js';
import { facets, listFirstSeen } from '../src/stores/sqlite/facets.js';
import { readIncident, readSession } from '../src/stores/sqlite/incidents.js';
import { listIncidents } from '../src/stores/sqlite/list-incidents.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { overview } from '../src/stores/sqlite/overview.js';
import type { Scope } from '../src/stores/store.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { temporaryFolder } from './started-collector.js';

const HOUR_MS = 3_600_000;
const CODE = 'cors-origin-not-allowed';

const scopes: Readonly<Record<string, Scope>> = {
  hour: { sinceMs: Date.now() - HOUR_MS },
  day: { sinceMs: Date.now() - 24 * HOUR_MS },
  month: { sinceMs: Date.now() - 30 * 24 * HOUR_MS, untilMs: Date.now() },
  all: {},
  'an app': { app: 'chat-web', sinceMs: Date.now() - 24 * HOUR_MS },
  'a network': { engine: 'chromium', networkType: 'wifi' },
};

const questions: Readonly<Record<string, (ask: Ask, scope: Scope) => unknown>> = {
  overview,
  'ranking of causes': rankCauses,
  'one cause': (ask, scope) => readCause(ask, CODE, scope),
  releases: compareReleases,
  incidents: (ask, scope) => listIncidents(ask, { ...scope, limit: 50 }),
  'open incidents': (ask, scope) => listIncidents(ask, { ...scope, status: 'open', limit: 50 }),
  'incidents of a cause': (ask, scope) => listIncidents(ask, { ...scope, code: CODE, limit: 50 }),
  'the next page': (ask, scope) => listIncidents(ask, { ...scope, cursor: `${Date.now()}_7`, limit: 50 }),
  search: (ask, scope) => listIncidents(ask, { ...scope, search: 'api', limit: 50 }),
  'one incident': (ask) => readIncident(ask, 'x'),
  'one session': (ask) => readSession(ask, 'x'),
  facets: (ask) => facets(ask),
  'first seen': (ask) => listFirstSeen(ask, 0),
};

// Little is counted record by record, much from rollups.
const cases = Object.keys(questions).flatMap((name) => [
  { name, more: 0 },
  { name, more: 2100 },
]);

it.each(cases)(
  '$name beside $more sessions: no plan goes through all incidents, sessions or clients',
  async ({ name, more }) => {
    const data = temporaryFolder();
    const store = openSqliteStore(data);
    const others = Array.from({ length: more }, () => sampleSession());
    const step = 700;
    for (let from = 0; from < more; from += step) {
      const envelope = sampleEnvelope({ records: others.slice(from, from + step) });
      await store.write([parseEnvelope(JSON.stringify(envelope), Date.now()).batch]);
    }
    const records = [sampleIncident(), sampleIncident({ status: 'resolved' }), sampleSession()];
    await store.write([parseEnvelope(JSON.stringify(sampleEnvelope({ records })), Date.now()).batch]);
    await store.close();
    const db = new Database(join(data, 'collector.db'));
    const answer = createAsk(db);
    const plans: string[] = [];
    const ask: Ask = (sql, ...values) => {
      for (const { detail } of db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]) {
        plans.push(`${detail} in ${sql.replaceAll(/\s+/g, ' ')}`);
      }
      return answer(sql, ...values);
    };
    for (const scope of Object.values(scopes)) questions[name]?.(ask, scope);
    db.close();
    expect(plans.length).toBeGreaterThan(0);
    expect(
      plans.filter((plan) => /^SCAN (incidents|sessions|clients|session_rollups|incident_rollups)\b/.test(plan)),
    ).toEqual([]);
  },
);
