import type { ClickHouseSettings } from '@clickhouse/client';
import type { RecordColumns } from '../record-columns.js';
import { asClickHouseFailure, isUnanswered } from './as-clickhouse-failure.js';
import type { ClickHouseAddress } from './parse-clickhouse-address.js';

/** What the parts of the store need from ClickHouse; everything rejects with a `StoreFailure` if the server cannot do it. */
export interface ClickHouseConnection {
  readonly address: ClickHouseAddress;
  rows<T>(sql: string): Promise<T[]>;
  /** As `rows`, without holding all of them in memory. */
  stream<T>(sql: string): AsyncIterable<T>;
  /** Resolves once the rows are stored. The token is the same for every attempt at the same rows. */
  insert(table: string, rows: readonly RecordColumns[], token: string): Promise<void>;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Shorter than load balancers wait for a response, so that a sender gets a 503 rather than a cut connection. */
const REQUEST_TIMEOUT_MS = 30_000;

/** An ON CLUSTER statement waits for every server; ClickHouse itself gives up after 180 seconds. */
const MIGRATION_TIMEOUT_MS = 200_000;

const MAX_CONNECTIONS = 20;

const always: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  // From 25.6 on, skip indexes help FINAL without changing its results.
  use_skip_indexes_if_final: 1,
  use_skip_indexes_if_final_exact_mode: 1,
  // `sum(connected) AS connected` beside another sum of the column.
  prefer_column_name_to_alias: 1,
  // A query whose result nobody waits for any more ends.
  cancel_http_readonly_queries_on_client_close: 1,
  // The ids of a write are in the text of a query.
  max_query_size: '16000000',
};

/** Loads the client first, so that collectors on SQLite do not pay for it. */
export async function connectClickHouse(
  address: ClickHouseAddress,
  { forMigration = false }: { forMigration?: boolean } = {},
): Promise<ClickHouseConnection> {
  const { createClient, ClickHouseLogLevel } = await import('@clickhouse/client');
  const client = createClient({
    url: address.url,
    username: address.username,
    password: address.password,
    database: address.database,
    application: 'socket.io-diagnostics-collector',
    request_timeout: forMigration ? MIGRATION_TIMEOUT_MS : REQUEST_TIMEOUT_MS,
    max_open_connections: MAX_CONNECTIONS,
    clickhouse_settings: always,
    // Every failure is reported by the collector, in one line.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asClickHouseFailure(error);
    }
  };
  const durably: ClickHouseSettings = {
    // The server responds once the rows are a part on its disk, not while they wait in its memory.
    async_insert: 0,
    wait_end_of_query: 1,
    ...(address.cluster === undefined
      ? {}
      : {
          // Through a Distributed table: responds once the shard has them, not while they wait to be sent there.
          distributed_foreground_insert: 1,
          insert_quorum: address.insertQuorum,
          insert_quorum_timeout: REQUEST_TIMEOUT_MS - 2000,
        }),
  };
  return {
    address,
    rows: <T>(sql: string) =>
      attempt(async () => {
        const result = await client.query({ query: sql, format: 'JSONEachRow' });
        return result.json<T>();
      }),
    async *stream<T>(sql: string) {
      try {
        const result = await client.query({ query: sql, format: 'JSONEachRow' });
        for await (const rows of result.stream<T>()) for (const row of rows) yield row.json();
      } catch (error) {
        throw asClickHouseFailure(error);
      }
    },
    async insert(table, rows, token) {
      if (rows.length === 0) return;
      const send = () =>
        client.insert({
          table,
          values: rows,
          format: 'JSONEachRow',
          clickhouse_settings: { ...durably, insert_deduplication_token: token },
        });
      await attempt(async () => {
        try {
          await send();
        } catch (error) {
          if (!isUnanswered(error)) throw error;
          // Most often a connection that the server had closed. The token lets the server recognize rows that it already has.
          await send();
        }
      });
    },
    command: (sql) =>
      attempt(async () => {
        await client.command({ query: sql });
      }),
    close: () => client.close(),
  };
}
