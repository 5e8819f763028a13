import type Database from 'libsql';
import type { NewIncident, ReceivedBatch } from '../store.js';

export type NamedCause = Pick<NewIncident, 'code' | 'title' | 'phase' | 'severity' | 'fixedBy' | 'openedAtMs'>;

export interface SegmentIds {
  readonly segment: number;
  readonly coarse: number;
}

export interface ClientIds {
  readonly client: number;
  readonly session: number;
  /** The session has no other row. */
  readonly isNew: boolean;
}

/** Short numbers for what many records share; rows are created if they are missing. */
export interface Dictionary {
  segmentOf(batch: ReceivedBatch): SegmentIds;
  clientOf(batch: ReceivedBatch): ClientIds;
  codeOf(cause: NamedCause): number;
  /** A transaction was rolled back: what was remembered may not be there. */
  forget(): void;
}

const MAX_KNOWN = 10_000;

export function createDictionary(db: Database.Database): Dictionary {
  const segments = new Map<string, SegmentIds>();
  const codes = new Map<string, { readonly id: number; openedAtMs: number; text: string }>();

  // `raw`, because `pluck` has no effect on `get` in libsql 0.5.29.
  const selectSegment = db
    .prepare(
      'SELECT id FROM segments WHERE (coarse IS NULL) = ? AND app = ? AND release = ? AND environment = ? AND engine = ? AND engine_version = ? AND network_type = ?',
    )
    .raw();
  const insertSegment = db.prepare('INSERT INTO segments VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)');
  const segmentId = (coarse: number | null, ...values: readonly string[]): number => {
    const found = selectSegment.get(Number(coarse === null), ...values) as [number] | undefined;
    return found?.[0] ?? Number(insertSegment.run(coarse, ...values).lastInsertRowid);
  };

  // Only the newest: a context rarely changes, and a sender that changes it with each batch must not make them slower and slower.
  const selectClient = db
    .prepare('SELECT n, session, context FROM clients WHERE session_id = ? ORDER BY n DESC LIMIT 1')
    .raw();
  const nextClient = db.prepare('SELECT COALESCE(MAX(n), 0) + 1 FROM clients').raw();
  const insertClient = db.prepare('INSERT INTO clients VALUES (?, ?, ?, ?, ?)');

  const selectCode = db.prepare('SELECT id, opened_at_ms AS openedAtMs FROM codes WHERE code = ?');
  const insertCode = db.prepare('INSERT INTO codes VALUES (NULL, ?, ?, ?, ?, ?, ?)');
  const updateCode = db.prepare(
    'UPDATE codes SET title = ?, phase = ?, severity = ?, fixed_by = ?, opened_at_ms = ? WHERE id = ?',
  );

  return {
    segmentOf({ app, release, environment, engine, engineVersion, networkType }) {
      const key = `${app}\n${release}\n${environment}\n${engine}\n${engineVersion}\n${networkType}`;
      let ids = segments.get(key);
      if (ids === undefined) {
        const coarse = segmentId(null, app, release, environment, '', '', '');
        ids = { segment: segmentId(coarse, app, release, environment, engine, engineVersion, networkType), coarse };
        if (segments.size >= MAX_KNOWN) segments.clear();
        segments.set(key, ids);
      }
      return ids;
    },
    clientOf({ clientSessionId, runtime, context }) {
      const newest = selectClient.get(clientSessionId) as [number, number, string] | undefined;
      if (newest !== undefined && newest[2] === context) return { client: newest[0], session: newest[1], isNew: false };
      const [n] = nextClient.get() as [number];
      const session = newest?.[1] ?? n;
      insertClient.run(n, session, clientSessionId, runtime, context);
      return { client: n, session, isNew: newest === undefined };
    },
    codeOf({ code, title, phase, severity, fixedBy, openedAtMs }) {
      const text = `${title}\n${phase}\n${severity}\n${fixedBy}`;
      let known = codes.get(code);
      if (known === undefined) {
        const row = selectCode.get(code) as { id: number; openedAtMs: number } | undefined;
        const id = row?.id ?? Number(insertCode.run(code, title, phase, severity, fixedBy, openedAtMs).lastInsertRowid);
        known = { id, openedAtMs: row?.openedAtMs ?? openedAtMs, text: row === undefined ? text : '' };
        if (codes.size >= MAX_KNOWN) codes.clear();
        codes.set(code, known);
      }
      // The newest incident defines the title of a cause; it is rewritten when the words change.
      if (openedAtMs >= known.openedAtMs && text !== known.text) {
        updateCode.run(title, phase, severity, fixedBy, openedAtMs, known.id);
        known.openedAtMs = openedAtMs;
        known.text = text;
      }
      return known.id;
    },
    forget() {
      segments.clear();
      codes.clear();
    },
  };
}
