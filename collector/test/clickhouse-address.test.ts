import { describe, expect, it } from 'vitest';
import { createTable } from '../src/stores/clickhouse/create-table.js';
import { parseClickHouseAddress } from '../src/stores/clickhouse/parse-clickhouse-address.js';
import { childCollector } from './child-collector.js';

describe('the address of a ClickHouse server', () => {
  it.each([
    [
      'clickhouse://host/db',
      { url: 'http://host:8123', username: 'default', password: '', database: 'db', insertQuorum: '0' },
    ],
    ['clickhouses://host/db', { url: 'https://host:8443' }],
    ['clickhouse://u%40x:p%2Fw%25@[::1]:80/db', { url: 'http://[::1]:80', username: 'u@x', password: 'p/w%' }],
    ['clickhouses://host:443/db', { url: 'https://host:443' }],
    [
      'clickhouse://u:p@host/db?cluster=one',
      { cluster: 'one', insertQuorum: 'auto', shown: 'clickhouse://host:8123/db?cluster=one' },
    ],
    ['clickhouse://host/db?cluster=one&insert_quorum=2', { insertQuorum: '2' }],
  ])('%s', (text, parts) => {
    expect(parseClickHouseAddress(text)).toMatchObject(parts);
  });

  it.each([
    ['clickhouse://u:secret@host', /must name a database/],
    ['clickhouse://u:secret@/db', /must be an address such as/],
    ['clickhouse://u:secret@host/db;drop', /must name a database/],
    ["clickhouse://u:secret@host/db?cluster=a'b", /names a cluster/],
    ['clickhouse://u:secret@host/db?secure=true', /clickhouses:\/\//],
    ['clickhouse://u:secret@host/db?quorum=2', /unknown parameter "quorum"/],
    ['clickhouse://u:secret%zz@host/db', /invalid % encoding/],
  ])('%s is wrong, and its password is not told', (text, message) => {
    expect(() => parseClickHouseAddress(text)).toThrow(message);
    expect(() => parseClickHouseAddress(text)).not.toThrow(/secret/);
  });

  it.each([
    [['--store', 'postgres://host/db'], /--store takes the address of a ClickHouse server/],
    [['--store', 'clickhouse://host/db', '--data', 'x'], /either in --store or in --data/],
    [['--store', 'clickhouse://host/db', '--max-size-mb', '5'], /--max-size-mb is for the database of --data/],
    [['migrate'], /migrate needs --store/],
  ])('%j is told in one line', async (args, message) => {
    const child = await childCollector(...args);
    expect([await child.ended, child.errors()]).toEqual([1, expect.stringMatching(message)]);
    expect(child.errors().trimEnd()).not.toContain('\n');
  });
});

it('makes no statement that could do harm when it runs again', () => {
  const table = { name: 't', columns: 'id String', engine: 'ReplacingMergeTree(v)', orderBy: 'id', shardBy: 'id' };
  for (const cluster of [undefined, 'one']) {
    for (const statement of createTable({ database: 'd', ...(cluster && { cluster }) }, table)) {
      expect(statement).toMatch(/^CREATE TABLE IF NOT EXISTS /);
      expect(statement.includes(" ON CLUSTER 'one' ")).toBe(cluster !== undefined);
    }
  }
});
