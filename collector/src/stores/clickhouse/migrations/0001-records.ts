import { type ClickHouseLayout, createTable } from '../create-table.js';

const context = `
  app LowCardinality(String),
  release LowCardinality(String),
  environment LowCardinality(String),
  client_session_id String,
  runtime LowCardinality(String),
  engine LowCardinality(String),
  engine_version LowCardinality(String),
  network_type LowCardinality(String),
  client_version LowCardinality(String),
  transport LowCardinality(String),
  received_at_ms Int64,
  received_at DateTime64(3) ALIAS fromUnixTimestamp64Milli(received_at_ms),
  stored_at_ms Int64 DEFAULT toUnixTimestamp64Milli(now64(3)),
  context String CODEC(ZSTD(3)),
  record String CODEC(ZSTD(3))`;

/**
 * Rows of one id are merged if their whole sorting key is the same, and only within a part, so nothing in it may change from revision to
 * revision, and there are no partitions. Sorted by id alone, a query about the last day would read every row: 125 ms instead of 10 on
 * 1,000,000 incidents, and more with more of them. So `sort_ms` comes first: when it happened by the device's clock, as in the first
 * revision, which the writer looks up by id in `lookup`. `opened_at_ms` is corrected for every revision if that clock is off, and has an
 * index of its own.
 */
const sortedByTime = (time: string) => `
  INDEX by_time ${time} TYPE minmax GRANULARITY 1,
  INDEX by_stored stored_at_ms TYPE minmax GRANULARITY 1,
  INDEX by_session client_session_id TYPE bloom_filter(0.01) GRANULARITY 1,
  PROJECTION lookup (SELECT id, revision, sort_ms ORDER BY id)`;

/** One revision can have this many diagnoses; beyond that, the last one inserted counts. */
const JUDGEMENTS = 1024;

/** Keeps the projection correct when rows are replaced, and when somebody deletes some by hand. */
const settings = { deduplicate_merge_projection_mode: 'rebuild', lightweight_mutation_projection_mode: 'rebuild' };

/** All tables of the first version. */
export function records(layout: ClickHouseLayout): readonly string[] {
  return [
    ...createTable(layout, {
      name: 'incidents',
      // An incident that is judged again replaces itself: the same revision, a later judgement.
      columns: `
  id String,
  revision UInt64,
  sort_ms Int64,
  opened_at_ms Int64,
  opened_at DateTime64(3) ALIAS fromUnixTimestamp64Milli(opened_at_ms),
  updated_at_ms Int64,
  closed_at_ms Nullable(Int64),
  code LowCardinality(String),
  title LowCardinality(String),
  phase LowCardinality(String),
  status LowCardinality(String),
  certainty LowCardinality(String),
  severity LowCardinality(String),
  fixed_by LowCardinality(String),
  failed_attempts UInt64,
  namespace String,
  host String,
  search String CODEC(ZSTD(3)),
  rejudged Nullable(String) CODEC(ZSTD(3)),
  judgement UInt16 DEFAULT 0,
  version UInt64 DEFAULT revision * ${JUDGEMENTS} + judgement,${context},${sortedByTime('opened_at_ms')}`,
      engine: 'ReplacingMergeTree(version)',
      orderBy: '(sort_ms, id)',
      shardBy: 'cityHash64(id)',
      settings,
    }),
    ...createTable(layout, {
      name: 'sessions',
      columns: `
  id String,
  revision UInt64,
  sort_ms Int64,
  started_at_ms Int64,
  started_at DateTime64(3) ALIAS fromUnixTimestamp64Milli(started_at_ms),
  updated_at_ms Int64,
  connected UInt8,
  time_to_connect_ms Nullable(Int64),
  time_to_upgrade_ms Nullable(Int64),
  upgrade_wanted UInt8,
  weight Float64,${context},${sortedByTime('started_at_ms')}`,
      engine: 'ReplacingMergeTree(revision)',
      orderBy: '(sort_ms, id)',
      shardBy: 'cityHash64(id)',
      settings,
    }),
    ...createTable(layout, {
      name: 'other_records',
      columns: `
  kind String,
  id String,
  revision UInt64,
  received_at_ms Int64,
  context String CODEC(ZSTD(3)),
  record String CODEC(ZSTD(3))`,
      engine: 'ReplacingMergeTree(revision)',
      orderBy: '(kind, id)',
      shardBy: 'cityHash64(id)',
    }),
    ...createTable(layout, {
      name: 'dropped',
      columns: `
  batch String,
  reason String,
  count UInt64,
  app LowCardinality(String),
  release LowCardinality(String),
  environment LowCardinality(String),
  received_at_ms Int64`,
      engine: 'ReplacingMergeTree',
      orderBy: '(batch, reason)',
      shardBy: 'cityHash64(batch)',
    }),
    ...createTable(layout, {
      name: 'facets',
      columns: 'name LowCardinality(String), value String',
      engine: 'ReplacingMergeTree',
      orderBy: '(name, value)',
    }),
    // An empty code is about the release itself.
    ...createTable(layout, {
      name: 'first_seen',
      columns: `
  app String,
  environment String,
  release String,
  code String,
  first_received_at_ms SimpleAggregateFunction(min, Int64)`,
      engine: 'AggregatingMergeTree',
      orderBy: '(app, environment, release, code)',
    }),
    ...createTable(layout, {
      name: 'state',
      columns: 'name String, value String, at_ms Int64',
      engine: 'ReplacingMergeTree(at_ms)',
      orderBy: 'name',
    }),
    ...createTable(layout, {
      name: 'health_checks',
      columns: 'collector String, at_ms Int64',
      engine: 'ReplacingMergeTree(at_ms)',
      orderBy: 'collector',
    }),
  ];
}
