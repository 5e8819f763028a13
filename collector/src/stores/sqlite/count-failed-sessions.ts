import type Database from 'libsql';
import type { MigrationProgress } from '../migration-progress.js';
import { LEVELS } from './rollup-level.js';
import { sqliteSchema } from './schema.js';

const HOUR_MS = 3_600_000;

/** About fifty milliseconds. */
const ROWS_PER_STEP = 20_000;

/**
 * Migrates a database from version 4 to 5: distinguishes sessions that could not connect from those that were over before, by what their
 * records say.
 */
export function* countFailedSessions(db: Database.Database): Generator<MigrationProgress> {
  db.exec('ALTER TABLE sessions ADD COLUMN failed INTEGER NOT NULL DEFAULT 0');
  const { rows: ofRows } = db.prepare('SELECT COALESCE(MAX(n), 0) AS rows FROM sessions').get() as { rows: number };
  const setFailed = db.prepare(
    `UPDATE sessions SET failed = 1 WHERE n > ? AND n <= ? AND connected = 0
      AND json_extract(record, '$.failedAttempts') + json_extract(record, '$.incidents') > 0`,
  );
  for (let rows = 0; rows < ofRows; ) {
    yield { rows, ofRows };
    const end = Math.min(ofRows, rows + ROWS_PER_STEP);
    setFailed.run(rows, end);
    rows = end;
  }
  yield { rows: ofRows, ofRows };
  countAnew(db);
}

function countAnew(db: Database.Database): void {
  const hour = `(started_at_ms - (started_at_ms % ${HOUR_MS} + ${HOUR_MS}) % ${HOUR_MS}) / ${HOUR_MS}`;
  const failedOf = LEVELS.map(
    ({ level, hours, fine }) =>
      `SELECT ${level} AS level, (hour - (hour % ${hours} + ${hours}) % ${hours}) / ${hours} AS bucket,
        ${fine ? 'segment' : 'coarse'} AS segment, SUM(weight) AS failed FROM counted GROUP BY 2, 3`,
  );
  db.exec(`
    ALTER TABLE session_rollups RENAME TO old_session_rollups;
    ${sqliteSchema.replaceAll(/CREATE (TABLE|INDEX|UNIQUE INDEX)/g, '$& IF NOT EXISTS')}
    INSERT INTO session_rollups
      WITH counted AS MATERIALIZED (SELECT ${hour} AS hour, segment, coarse, weight FROM sessions JOIN segments ON segments.id = segment WHERE failed = 1),
        sums AS MATERIALIZED (${failedOf.join(' UNION ALL ')})
      SELECT level, bucket, segment, sessions, connected, COALESCE(failed, 0), wanted, upgraded, times
        FROM old_session_rollups LEFT JOIN sums USING (level, bucket, segment);
    DROP TABLE old_session_rollups;
  `);
}
