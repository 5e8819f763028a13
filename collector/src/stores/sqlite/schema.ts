/** Version of the tables below, kept in `user_version`. */
export const SQLITE_SCHEMA_VERSION = 3;

/** `search` is lower case; `record` is the received JSON; columns beside it are what is filtered, sorted and counted by. `rejudged` is what newer
 * rules say of exactly this record, and then code, title, certainty, severity and fixed_by are theirs. In `first_seen` the code is empty
 * for the release itself. */
export const sqliteSchema = `
CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  app TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  client_session_id TEXT NOT NULL,
  runtime TEXT NOT NULL,
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  network_type TEXT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  phase TEXT NOT NULL,
  status TEXT NOT NULL,
  certainty TEXT NOT NULL,
  severity TEXT NOT NULL,
  fixed_by TEXT NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER,
  failed_attempts INTEGER NOT NULL,
  transport TEXT NOT NULL,
  namespace TEXT NOT NULL,
  host TEXT NOT NULL,
  client_version TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  search TEXT NOT NULL,
  context TEXT NOT NULL,
  record TEXT NOT NULL,
  rejudged TEXT
);
CREATE INDEX incidents_by_time ON incidents (opened_at_ms, id);
CREATE INDEX incidents_by_code ON incidents (code, opened_at_ms, id);
CREATE INDEX incidents_by_session ON incidents (client_session_id, opened_at_ms);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  app TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  client_session_id TEXT NOT NULL,
  runtime TEXT NOT NULL,
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  network_type TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  connected INTEGER NOT NULL,
  time_to_connect_ms INTEGER,
  time_to_upgrade_ms INTEGER,
  transport TEXT NOT NULL,
  upgrade_wanted INTEGER NOT NULL,
  weight REAL NOT NULL,
  client_version TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  context TEXT NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX sessions_by_time ON sessions
  (started_at_ms, app, release, environment, connected, weight, time_to_connect_ms, upgrade_wanted, time_to_upgrade_ms);
CREATE INDEX sessions_by_session ON sessions (client_session_id, started_at_ms);

CREATE TABLE other_records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  context TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);

CREATE TABLE facets (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name, value)
) WITHOUT ROWID;

CREATE TABLE first_seen (
  app TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  code TEXT NOT NULL,
  first_received_at_ms INTEGER NOT NULL,
  PRIMARY KEY (app, release, environment, code)
) WITHOUT ROWID;
CREATE INDEX first_seen_by_time ON first_seen (first_received_at_ms);

CREATE TABLE state (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE dropped (
  batch TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  app TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  PRIMARY KEY (batch, reason)
) WITHOUT ROWID;
CREATE INDEX dropped_by_time ON dropped (received_at_ms);
`;
