import type { ClickHouseAddress } from './parse-clickhouse-address.js';

export type ClickHouseLayout = Pick<ClickHouseAddress, 'database' | 'cluster'>;

export interface TableDefinition {
  readonly name: string;
  readonly columns: string;
  /** The part after `Replicated`, with its arguments: `ReplacingMergeTree(revision)`. */
  readonly engine: string;
  readonly orderBy: string;
  /** An expression that sends all rows of one key to one shard; absent: every server of a cluster has all rows. */
  readonly shardBy?: string;
  readonly settings?: Readonly<Record<string, string | number>>;
}

/**
 * What is acknowledged survives a power cut of a single server; merged parts need no sync, because their sources are kept for eight
 * minutes.
 */
const DURABLE = { fsync_after_insert: 1, fsync_part_directory: 1 };

/** Recognizes the rows of a retried write; a replicated table does so by itself. */
const DEDUPLICATION_WINDOW = 1000;

/**
 * Statements that create a table unless it exists. With a cluster it is replicated, and a sharded table is written and read through a
 * Distributed table of its name over `<name>_local`.
 */
export function createTable(layout: ClickHouseLayout, table: TableDefinition): readonly string[] {
  const { name, columns, engine, orderBy, shardBy } = table;
  const { cluster, database } = layout;
  const settings = (more: object) =>
    Object.entries({ ...DURABLE, ...more, ...table.settings })
      .map(([key, value]) => `${key} = ${typeof value === 'string' ? `'${value}'` : value}`)
      .join(', ');
  if (cluster === undefined) {
    const deduplication = { non_replicated_deduplication_window: DEDUPLICATION_WINDOW };
    return [
      `CREATE TABLE IF NOT EXISTS ${name} (${columns}) ENGINE = ${engine} ORDER BY ${orderBy} SETTINGS ${settings(deduplication)}`,
    ];
  }
  // The path is spelled out: with {uuid}, two collectors that start at once could give the servers different ones.
  const path = (shard: string, local: string) => `'/clickhouse/tables/${shard}/${database}/${local}'`;
  const replicated = (shard: string, replica: string, local: string) =>
    engine.replace(/^(\w+)(?:\((.*)\))?$/, (_, family: string, given?: string) => {
      const rest = given === undefined ? '' : `, ${given}`;
      return `Replicated${family}(${path(shard, local)}, '${replica}'${rest})`;
    });
  if (shardBy === undefined) {
    return [
      `CREATE TABLE IF NOT EXISTS ${name} ON CLUSTER '${cluster}' (${columns}) ENGINE = ${replicated('all', '{shard}-{replica}', name)} ORDER BY ${orderBy} SETTINGS ${settings({})}`,
    ];
  }
  const local = localTable(layout, name);
  return [
    `CREATE TABLE IF NOT EXISTS ${local} ON CLUSTER '${cluster}' (${columns}) ENGINE = ${replicated('{shard}', '{replica}', local)} ORDER BY ${orderBy} SETTINGS ${settings({})}`,
    `CREATE TABLE IF NOT EXISTS ${name} ON CLUSTER '${cluster}' AS ${local} ENGINE = Distributed('${cluster}', '${database}', '${local}', ${shardBy})`,
  ];
}

/** The table that holds the rows of a sharded one. */
export function localTable({ cluster }: ClickHouseLayout, name: string): string {
  return cluster === undefined ? name : `${name}_local`;
}
