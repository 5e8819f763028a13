import type Database from 'libsql';
import { searchText } from '../record-columns.js';
import type { JudgedIncident, NewAnswer, NewIncident, ReceivedBatch, RejudgeStore } from '../store.js';
import { inTransaction } from './transaction.js';
import { equals, where } from './where.js';

type SearchedRow = Pick<NewIncident, 'host' | 'namespace'> & Pick<ReceivedBatch, 'app' | 'release' | 'clientSessionId'>;

/** The answer is in columns of the row, which the writer replaces together with the record. */
export function createRejudgeStore(db: Database.Database): RejudgeStore {
  return {
    async page({ after = '', limit, code, sinceMs }) {
      const { sql, values } = where(
        { sql: 'id > ?', values: [after] },
        equals('code', code),
        sinceMs === undefined ? undefined : { sql: 'opened_at_ms >= ?', values: [sinceMs] },
      );
      const rows = db
        .prepare(`SELECT id, revision, context, record, rejudged FROM incidents ${sql} ORDER BY id LIMIT ?`)
        .all(...values, limit) as (JudgedIncident & { rejudged: string | null })[];
      return rows.map(({ rejudged, ...row }) => (rejudged === null ? row : { ...row, rejudged }));
    },
    async apply(answers) {
      const find = db.prepare(
        `SELECT host, namespace, app, release, client_session_id AS clientSessionId FROM incidents WHERE id = ? AND revision = ?`,
      );
      const update = db.prepare(
        `UPDATE incidents SET code = ?, title = ?, certainty = ?, severity = ?, fixed_by = ?, search = ?, rejudged = ? WHERE id = ?`,
      );
      const insertFacet = db.prepare(`INSERT OR IGNORE INTO facets VALUES ('code', ?)`);
      const insertFirst = db.prepare(
        `INSERT INTO first_seen SELECT app, release, environment, code, received_at_ms FROM incidents WHERE id = ? ON CONFLICT DO UPDATE
          SET first_received_at_ms = excluded.first_received_at_ms WHERE excluded.first_received_at_ms < first_received_at_ms`,
      );
      return inTransaction(db, () => {
        let applied = 0;
        for (const answer of answers) {
          const { id, revision, code, title, certainty, severity, fixedBy, rejudged } = withoutNul(answer);
          const row = find.get(id, revision) as SearchedRow | undefined;
          if (row === undefined) continue;
          const search = searchText({ ...row, id, code, title });
          update.run(code, title, certainty, severity, fixedBy, search, rejudged ?? null, id);
          insertFacet.run(code);
          insertFirst.run(id);
          applied += 1;
        }
        return applied;
      });
    },
  };
}

/** libsql reads a text column only up to its first NUL. */
function withoutNul(answer: NewAnswer): NewAnswer {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value,
    ]),
  ) as unknown as NewAnswer;
}
