import type { Scope } from '../store.js';
import type { Ask } from './ask.js';
import { addBins, type Bins, sumOfBins, valuesOfBins } from './connect-time-bins.js';
import type { Counts, CountsKey, CountsOptions, IncidentSums, SessionSums } from './counts.js';
import { ANY_CODE, HOURS_PER_DAY, LEVELS } from './rollup-level.js';
import { inSegments } from './scope-segments.js';
import { WEIGHT_UNIT } from './session-writer.js';
import { between, type Condition, where } from './where.js';

const HOUR_MS = 3_600_000;

export interface RollupCounts extends Counts {
  /** Whether there are more records than this, where one that stands for several sessions counts as that many. */
  hasMoreThan(records: number): boolean;
}

/** Adds up rollups: by hour for days, by day for weeks. */
export function createRollupCounts(ask: Ask, scope: Scope, { fine, bucketMs }: CountsOptions): RollupCounts {
  const { sinceMs, untilMs } = scope;
  const hours = bucketMs % (HOURS_PER_DAY * HOUR_MS) === 0 ? HOURS_PER_DAY : 1;
  const level = LEVELS.find((one) => one.hours === hours && one.fine === fine)?.level ?? 0;
  const lengthMs = hours * HOUR_MS;
  const first = sinceMs === undefined ? undefined : Math.floor(sinceMs / lengthMs);
  const end = untilMs === undefined ? undefined : Math.ceil(untilMs / lengthMs);
  const buckets = between('bucket', first, end);
  const segments = inSegments(ask, scope, fine);
  const atLevel: Condition = { sql: 'level = ?', values: [level] };
  const keyOf = (by: CountsKey) => (by === 'all' ? '0' : by === 'bucket' ? `bucket * ${lengthMs}` : 'segment');

  let known: Map<number, Bins> | undefined;
  /** Most of the work, and for all it is the same as by bucket. */
  const histograms = (): Map<number, Bins> => {
    if (known !== undefined) return known;
    known = new Map();
    const { sql, values } = where(atLevel, ...buckets, segments);
    for (const { key, times } of ask<{ key: number; times: string }>(
      `SELECT ${keyOf('bucket')} AS key, times FROM session_rollups ${sql}`,
      ...values,
    )) {
      let bins = known.get(key);
      if (bins === undefined) {
        bins = new Map();
        known.set(key, bins);
      }
      addBins(bins, times);
    }
    return known;
  };

  const sessionSums = (by: CountsKey): SessionSums[] => {
    const { sql, values } = where(atLevel, ...buckets, segments);
    const sums = ask<Omit<SessionSums, 'times'>>(
      `SELECT ${keyOf(by)} AS key, SUM(sessions) / ${WEIGHT_UNIT}.0 AS sessions, SUM(connected) / ${WEIGHT_UNIT}.0 AS connected, SUM(failed) / ${WEIGHT_UNIT}.0 AS failed,
        SUM(wanted) / ${WEIGHT_UNIT}.0 AS wanted, SUM(upgraded) / ${WEIGHT_UNIT}.0 AS upgraded
        FROM session_rollups ${sql} GROUP BY ${by === 'all' ? 'key' : by}`,
      ...values,
    );
    if (by === 'segment') return sums.map((row) => ({ ...row, times: [] }));
    const bins = by === 'all' ? new Map([[0, sumOfBins(histograms().values())]]) : histograms();
    return sums.map((row) => ({ ...row, times: valuesOfBins(bins.get(row.key) ?? new Map()) }));
  };

  return {
    bucketMs: lengthMs,
    hasMoreThan(records) {
      const { sql, values } = where(atLevel, ...buckets, segments);
      // Each row stands for at least one, so no more rows are needed.
      const [row] = ask<{ size: number | null }>(
        `SELECT SUM(size) AS size FROM (SELECT sessions / ${WEIGHT_UNIT} AS size FROM session_rollups ${sql}
          UNION ALL SELECT incidents FROM incident_rollups ${sql} AND code = ${ANY_CODE} LIMIT ?)`,
        ...values,
        ...values,
        records + 1,
      );
      return (row?.size ?? 0) > records;
    },
    sessions: sessionSums,
    incidents(by, code) {
      const codes: Condition =
        code === 'each'
          ? { sql: 'code IN (SELECT id FROM codes)', values: [] }
          : { sql: 'code = ?', values: [code === 'any' ? ANY_CODE : code] };
      const { sql, values } = where(atLevel, codes, ...buckets, segments);
      const rows = ask<IncidentSums>(
        `SELECT ${keyOf(by)} AS key, code, SUM(incidents) AS incidents, SUM(open) AS open, SUM(confirmed) AS confirmed,
          SUM(sessions) AS sessions FROM incident_rollups ${sql} GROUP BY code${by === 'all' ? '' : `, ${by}`}`,
        ...values,
      );
      if (by === 'bucket') return rows;
      const within = where(atLevel, codes, ...buckets, segments, ...between('previous', first, undefined));
      const returned = new Map(
        ask<{ key: number; code: number; sessions: number }>(
          `SELECT ${keyOf(by)} AS key, code, SUM(sessions) AS sessions FROM incident_returns ${within.sql}
            GROUP BY code${by === 'all' ? '' : `, ${by}`}`,
          ...within.values,
        ).map((row) => [`${row.key}/${row.code}`, row.sessions]),
      );
      return rows.map((row) => ({
        ...row,
        sessions: row.sessions - (returned.get(`${row.key}/${row.code}`) ?? 0),
      }));
    },
  };
}
