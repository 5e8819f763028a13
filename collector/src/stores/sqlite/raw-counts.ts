import type { Scope } from '../store.js';
import type { WeightedValue } from '../weighted-percentiles.js';
import type { Ask } from './ask.js';
import type { Counts, CountsKey, CountsOptions, IncidentSums, SessionSums } from './counts.js';
import { inSegments } from './scope-segments.js';
import { WEIGHT_UNIT } from './session-writer.js';
import { between, equals, where } from './where.js';

/** Counts record by record: exact, for scopes that are short. */
export function createRawCounts(ask: Ask, scope: Scope, { fine, bucketMs }: CountsOptions): Counts {
  const segments = inSegments(ask, scope, true);
  // A lower bound for SQLite, too, which otherwise would not use the index on time.
  const sinceMs = scope.sinceMs ?? Number.MIN_SAFE_INTEGER;
  const started = between('started_at_ms', sinceMs, scope.untilMs);
  const opened = between('opened_at_ms', sinceMs, scope.untilMs);
  const keyOf = (by: CountsKey, column: string) => {
    if (by === 'all') return '0';
    if (by === 'bucket') return `${column} - (${column} % ${bucketMs} + ${bucketMs}) % ${bucketMs}`;
    return fine ? 'segment' : '(SELECT coarse FROM segments WHERE segments.id = segment)';
  };

  return {
    bucketMs,
    sessions(by) {
      const { sql, values } = where(...started, segments);
      const key = keyOf(by, 'started_at_ms');
      const sums = ask<Omit<SessionSums, 'times'>>(
        `SELECT ${key} AS key, SUM(weight) / ${WEIGHT_UNIT}.0 AS sessions, SUM(weight * connected) / ${WEIGHT_UNIT}.0 AS connected,
          SUM(weight * failed) / ${WEIGHT_UNIT}.0 AS failed,
          SUM(weight * upgrade_wanted) / ${WEIGHT_UNIT}.0 AS wanted, SUM(weight * upgraded) / ${WEIGHT_UNIT}.0 AS upgraded
          FROM sessions ${sql} GROUP BY key`,
        ...values,
      );
      if (by === 'segment') return sums.map((row) => ({ ...row, times: [] }));
      const timed = where(...started, segments, { sql: 'time_to_connect_ms IS NOT NULL', values: [] });
      const times = new Map<number, WeightedValue[]>();
      for (const { key: at, ...time } of ask<WeightedValue & { key: number }>(
        `SELECT ${key} AS key, time_to_connect_ms AS value, SUM(weight) AS weight FROM sessions ${timed.sql}
          GROUP BY 1, 2 ORDER BY 1, 2`,
        ...timed.values,
      )) {
        const others = times.get(at);
        if (others === undefined) times.set(at, [time]);
        else others.push(time);
      }
      return sums.map((row) => ({ ...row, times: times.get(row.key) ?? [] }));
    },
    incidents(by, code) {
      const { sql, values } = where(...opened, segments, typeof code === 'number' ? equals('code', code) : undefined);
      return ask<IncidentSums>(
        `SELECT ${keyOf(by, 'opened_at_ms')} AS key, ${code === 'any' ? '0' : 'code'} AS code, COUNT(*) AS incidents,
          SUM(status = 'open') AS open, SUM(certainty = 'confirmed') AS confirmed, COUNT(DISTINCT session) AS sessions
          FROM incidents ${sql} GROUP BY 1, 2`,
        ...values,
      );
    },
  };
}
