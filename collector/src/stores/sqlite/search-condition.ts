import type { Ask } from './ask.js';
import type { Condition } from './where.js';

/** Ids that start like this are looked up by their index instead. */
const MAX_BY_ID = 1000;

/** Condition that the incident, joined as `incidents`, contains the text somewhere, case-insensitively. */
export function searchCondition(ask: Ask, text: string): Condition {
  const lower = text.toLowerCase();
  const has = (...values: readonly string[]) => values.some((value) => value.toLowerCase().includes(lower));
  const segments = ask<{ id: number; app: string; release: string }>('SELECT id, app, release FROM segments')
    .filter(({ app, release }) => has(app, release))
    .map(({ id }) => id);
  const codes = ask<{ id: number; code: string }>('SELECT id, code FROM codes')
    .filter(({ code }) => has(code))
    .map(({ id }) => id);
  const sessions = ask<{ session: number }>(
    `SELECT session FROM clients WHERE session_id >= ?1 AND session_id < ?1 || char(0x10ffff) LIMIT ${MAX_BY_ID}`,
    text,
  ).map(({ session }) => session);
  const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return {
    sql: `(incidents.code IN (SELECT value FROM json_each(?)) OR incidents.segment IN (SELECT value FROM json_each(?))
      OR incidents.session IN (SELECT value FROM json_each(?)) OR title LIKE ? ESCAPE '\\' OR host LIKE ? ESCAPE '\\'
      OR namespace LIKE ? ESCAPE '\\' OR substr(incidents.id, 1, ?) = ?)`,
    values: [
      JSON.stringify(codes),
      JSON.stringify(segments),
      JSON.stringify(sessions),
      like,
      like,
      like,
      text.length,
      text,
    ],
  };
}
