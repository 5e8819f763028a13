import type Database from 'libsql';
import { inTransaction } from './transaction.js';

/** From each version to the next. */
const STEPS: Readonly<Record<number, string>> = {
  // What an SDK said of itself before there were columns for it is in the context.
  1: `
ALTER TABLE incidents ADD COLUMN engine_version TEXT NOT NULL DEFAULT '';
ALTER TABLE incidents ADD COLUMN network_type TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN engine_version TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN network_type TEXT NOT NULL DEFAULT '';
${['incidents', 'sessions']
  .map(
    (table) => `
UPDATE ${table} SET
  engine_version = iif(json_type(context, '$.session.runtime.engineVersion') = 'text', context ->> '$.session.runtime.engineVersion', ''),
  network_type = iif(json_type(context, '$.session.runtime.networkType') = 'text', context ->> '$.session.runtime.networkType', '')
WHERE context LIKE '%"engineVersion"%' OR context LIKE '%"networkType"%';`,
  )
  .join('')}
CREATE INDEX incidents_by_session ON incidents (client_session_id, opened_at_ms);
CREATE INDEX sessions_by_session ON sessions (client_session_id, started_at_ms);
INSERT INTO facets SELECT 'engine', engine FROM incidents WHERE engine <> '' UNION SELECT 'engine', engine FROM sessions WHERE engine <> '';
INSERT INTO facets SELECT 'network_type', network_type FROM incidents WHERE network_type <> ''
  UNION SELECT 'network_type', network_type FROM sessions WHERE network_type <> '';
CREATE TABLE first_seen (
  app TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  code TEXT NOT NULL,
  first_received_at_ms INTEGER NOT NULL,
  PRIMARY KEY (app, release, environment, code)
) WITHOUT ROWID;
CREATE INDEX first_seen_by_time ON first_seen (first_received_at_ms);
INSERT INTO first_seen SELECT app, release, environment, code, MIN(received_at_ms) FROM
  (SELECT app, release, environment, code, received_at_ms FROM incidents
    UNION ALL SELECT app, release, environment, '', received_at_ms FROM incidents
    UNION ALL SELECT app, release, environment, '', received_at_ms FROM sessions)
  GROUP BY 1, 2, 3, 4;
`,
  2: `
ALTER TABLE incidents ADD COLUMN rejudged TEXT;
CREATE TABLE state (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
`,
};

/** Brings a database of an earlier version up to date, all or nothing. */
export function migrate(db: Database.Database, from: number): void {
  for (let version = from; STEPS[version] !== undefined; version += 1) {
    inTransaction(db, () => {
      // Another process may have been quicker.
      const { user_version: now } = db.pragma('user_version', { simple: true }) as { user_version: number };
      if (now === version) db.exec(`${STEPS[version]} PRAGMA user_version = ${version + 1};`);
    });
  }
}
