/** Version of the tables below, kept in `user_version`. */
export const SQLITE_SCHEMA_VERSION = 5;

/**
 * `record` is the received JSON; the other columns are what is filtered, sorted and counted by. What all records of an envelope share is
 * stored once, in `clients`: a row for each context in which a page load, worker or process sent something. `session` is the first of these
 * rows of a client session and stands for all of them.
 *
 * A coarse segment is an app, release and environment; a fine one also has an engine, its version and a network type, and the coarse one
 * that it is part of.
 *
 * Rollups are counted in the transaction that stores, changes or deletes a record. Weights are in thousandths, so that what was added can
 * be subtracted again without a remainder. The code 0 stands for all. `incident_returns` has the sessions of a bucket that had the same
 * cause in an earlier bucket, by the last of these: the distinct sessions of several buckets are their sum minus those that return from
 * within.
 *
 * `rejudged` is what newer rules say about exactly this record, and then code, title, certainty, severity and fixed_by are theirs. In
 * `first_seen`, the code is empty for the release itself.
 */
export const sqliteSchema = `
CREATE TABLE segments (
  id INTEGER PRIMARY KEY,
  coarse INTEGER,
  app TEXT NOT NULL,
  release TEXT NOT NULL,
  environment TEXT NOT NULL,
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  network_type TEXT NOT NULL
);
CREATE UNIQUE INDEX segments_by_value ON segments
  (coarse IS NULL, app, release, environment, engine, engine_version, network_type);

CREATE TABLE codes (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  phase TEXT NOT NULL,
  severity TEXT NOT NULL,
  fixed_by TEXT NOT NULL,
  opened_at_ms INTEGER NOT NULL
);

CREATE TABLE clients (
  n INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  runtime TEXT NOT NULL,
  context TEXT NOT NULL
);
CREATE INDEX clients_by_id ON clients (session_id);

CREATE TABLE incidents (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  client INTEGER NOT NULL,
  session INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  code INTEGER NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER,
  received_at_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  certainty TEXT NOT NULL,
  phase TEXT NOT NULL,
  severity TEXT NOT NULL,
  fixed_by TEXT NOT NULL,
  failed_attempts INTEGER NOT NULL,
  transport TEXT NOT NULL,
  namespace TEXT NOT NULL,
  host TEXT NOT NULL,
  client_version TEXT NOT NULL,
  title TEXT NOT NULL,
  record TEXT NOT NULL,
  rejudged TEXT
);
CREATE INDEX incidents_by_time ON incidents (opened_at_ms, segment, code, status);
CREATE INDEX incidents_by_code ON incidents (code, opened_at_ms, segment);
CREATE INDEX incidents_by_session ON incidents (session, opened_at_ms);

CREATE TABLE sessions (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  client INTEGER NOT NULL,
  session INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  connected INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  upgrade_wanted INTEGER NOT NULL,
  upgraded INTEGER NOT NULL,
  time_to_connect_ms INTEGER,
  weight INTEGER NOT NULL,
  record TEXT NOT NULL
);
CREATE INDEX sessions_by_time ON sessions (started_at_ms);
CREATE INDEX sessions_by_session ON sessions (session);

CREATE TABLE other_records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  context TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX other_records_by_time ON other_records (received_at_ms);

CREATE TABLE session_rollups (
  level INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  connected INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  wanted INTEGER NOT NULL,
  upgraded INTEGER NOT NULL,
  times TEXT NOT NULL,
  PRIMARY KEY (level, bucket, segment)
) WITHOUT ROWID;

CREATE TABLE incident_rollups (
  level INTEGER NOT NULL,
  code INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  incidents INTEGER NOT NULL,
  open INTEGER NOT NULL,
  resolved INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  PRIMARY KEY (level, code, bucket, segment)
) WITHOUT ROWID;

CREATE TABLE incident_returns (
  level INTEGER NOT NULL,
  code INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  PRIMARY KEY (level, code, bucket, segment, previous)
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
