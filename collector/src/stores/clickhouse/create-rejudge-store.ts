import { randomUUID } from 'node:crypto';
import { searchText } from '../record-columns.js';
import type { JudgedIncident, NewAnswer, RejudgeQuery, RejudgeStore } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';
import { lookUp } from './look-up.js';
import { quote } from './quote.js';
import { wellFormed } from './well-formed.js';
import { equals, where } from './where.js';

/** One pass over all ids serves this many incidents. */
const IDS_AHEAD = 10_000;

type Row = Readonly<Record<string, string | number | null>>;

/** A new diagnosis is the whole row once more, with a later judgement. */
export function createRejudgeStore(connection: ClickHouseConnection): RejudgeStore {
  let ahead: { readonly asked: string; readonly keys: { id: string; sortMs: number }[] } = { asked: '', keys: [] };

  /** Where the next incidents are: known from the previous page, otherwise from the table. */
  const nextKeys = async ({ after = '', limit, code, sinceMs }: RejudgeQuery) => {
    const asked = JSON.stringify([code, sinceMs]);
    const from = after !== '' && ahead.asked === asked ? ahead.keys.findIndex(({ id }) => id > after) : -1;
    const known = from < 0 ? [] : ahead.keys.slice(from, from + limit);
    if (known.length === limit) return known;
    const condition = where(
      `id > ${quote(after)}`,
      equals('code', code),
      sinceMs === undefined ? undefined : `opened_at_ms >= ${Math.trunc(sinceMs)}`,
    );
    const keys = await connection.rows<{ id: string; sortMs: number }>(
      `SELECT id, sort_ms AS sortMs FROM incidents FINAL ${condition} ORDER BY id LIMIT ${IDS_AHEAD}`,
    );
    ahead = { asked, keys };
    return keys.slice(0, limit);
  };

  return {
    async page(query) {
      const keys = await nextKeys(query);
      if (keys.length === 0) return [];
      const pairs = keys.map(({ id, sortMs }) => `(${sortMs}, ${quote(id)})`).join(', ');
      const rows = await connection.rows<JudgedIncident & { rejudged: string | null }>(
        `SELECT id, revision, context, record, rejudged FROM incidents FINAL WHERE (sort_ms, id) IN (${pairs}) ORDER BY id`,
      );
      return rows.map(({ rejudged, ...row }) => (rejudged === null ? row : { ...row, rejudged }));
    },
    async apply(answers) {
      const places = await lookUp(
        connection,
        'incidents',
        answers.map(({ id }) => id),
      );
      const wanted = answers.flatMap((answer) => {
        const place = places.get(answer.id);
        return place?.revision === answer.revision ? [`(${place.sortMs}, ${quote(answer.id)})`] : [];
      });
      if (wanted.length === 0) return 0;
      const rows = await connection.rows<Row>(
        `SELECT * EXCEPT (version, stored_at_ms) FROM incidents FINAL WHERE (sort_ms, id) IN (${wanted.join(', ')})`,
      );
      const byId = new Map(answers.map((answer) => [answer.id, answer]));
      const replaced = rows.flatMap((row) => {
        const answer = byId.get(String(row.id));
        return answer !== undefined && answer.revision === row.revision ? [judgedAgain(row, answer)] : [];
      });
      const token = randomUUID();
      await connection.insert('incidents', replaced, token);
      await connection.insert(
        'facets',
        replaced.map(({ code }) => ({ name: 'code', value: code ?? '' })),
        token,
      );
      await connection.insert(
        'first_seen',
        replaced.map(({ app, environment, release, code, received_at_ms }) => ({
          app: app ?? '',
          environment: environment ?? '',
          release: release ?? '',
          code: code ?? '',
          first_received_at_ms: received_at_ms ?? 0,
        })),
        token,
      );
      return replaced.length;
    },
  };
}

function judgedAgain(row: Row, { code, title, certainty, severity, fixedBy, rejudged }: NewAnswer): Row {
  const text = (name: string) => String(row[name] ?? '');
  const search = searchText({
    id: text('id'),
    code,
    title,
    host: text('host'),
    namespace: text('namespace'),
    app: text('app'),
    release: text('release'),
    clientSessionId: text('client_session_id'),
  });
  const answer = { code, title, certainty, severity, fixed_by: fixedBy, search, rejudged: rejudged ?? null };
  // The column is a UInt16; the value added to `version` has room for 1023.
  return wellFormed({ ...row, ...answer, judgement: Math.min(Number(row.judgement) + 1, 1023) });
}
