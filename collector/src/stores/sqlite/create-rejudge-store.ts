import type Database from 'libsql';
import type { JudgedIncident, NewAnswer, RejudgeStore } from '../store.js';
import type { Dictionary } from './dictionary.js';
import type { IncidentCounts, RecordCounter } from './record-counter.js';
import { inTransaction } from './transaction.js';
import { equals, where } from './where.js';

/** The diagnosis is in columns of the row, which the writer replaces together with the record, and in the rollups. */
export function createRejudgeStore(
  db: Database.Database,
  dictionary: Dictionary,
  counter: RecordCounter,
): RejudgeStore {
  return {
    async page({ after = '', limit, code, sinceMs }) {
      const { sql, values } = where(
        { sql: 'incidents.id > ?', values: [after] },
        equals('codes.code', code),
        sinceMs === undefined ? undefined : { sql: 'incidents.opened_at_ms >= ?', values: [sinceMs] },
      );
      const rows = db
        .prepare(
          `SELECT incidents.id, revision, context, record, rejudged FROM incidents CROSS JOIN codes ON codes.id = incidents.code
            CROSS JOIN clients ON clients.n = client ${sql} ORDER BY incidents.id LIMIT ?`,
        )
        .all(...values, limit) as (JudgedIncident & { rejudged: string | null })[];
      return rows.map(({ rejudged, ...row }) => (rejudged === null ? row : { ...row, rejudged }));
    },
    async apply(answers) {
      const find = db.prepare(
        `SELECT n, phase, session, incidents.segment, coarse, code, opened_at_ms AS openedAtMs, status, certainty
          FROM incidents JOIN segments ON segments.id = incidents.segment WHERE incidents.id = ? AND revision = ?`,
      );
      const update = db.prepare(
        'UPDATE incidents SET code = ?, title = ?, certainty = ?, severity = ?, fixed_by = ?, rejudged = ? WHERE n = ?',
      );
      const insertFirst = db.prepare(
        `INSERT INTO first_seen SELECT app, release, environment, ?, received_at_ms FROM incidents
          JOIN segments ON segments.id = segment WHERE n = ? ON CONFLICT DO UPDATE
          SET first_received_at_ms = excluded.first_received_at_ms WHERE excluded.first_received_at_ms < first_received_at_ms`,
      );
      const applyAll = () => {
        let applied = 0;
        counter.begin();
        for (const answer of answers) {
          const { id, revision, code, title, certainty, severity, fixedBy, rejudged } = withoutNul(answer);
          const row = find.get(id, revision) as (IncidentCounts & { n: number; phase: string }) | undefined;
          if (row === undefined) continue;
          const { n, phase, openedAtMs } = row;
          const codeId = dictionary.codeOf({ code, title, phase, severity, fixedBy, openedAtMs });
          counter.loadSession(row.session);
          update.run(codeId, title, certainty, severity, fixedBy, rejudged ?? null, n);
          counter.incident(row, -1);
          counter.incident({ ...row, code: codeId, certainty }, 1);
          insertFirst.run(code, n);
          applied += 1;
        }
        counter.flush();
        return applied;
      };
      try {
        return inTransaction(db, applyAll);
      } catch (error) {
        dictionary.forget();
        counter.forget();
        throw error;
      }
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
