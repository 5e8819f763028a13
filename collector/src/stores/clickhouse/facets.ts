import type { Facets, FirstSeen } from '../store.js';
import type { ClickHouseConnection } from './connect-clickhouse.js';

const MAX_VALUES = 300;
const MAX_FIRST_SEEN = 1000;

export async function facets({ rows }: ClickHouseConnection): Promise<Facets> {
  const found = await rows<{ name: string; value: string }>(
    `SELECT name, value FROM facets FINAL ORDER BY name, value LIMIT ${MAX_VALUES} BY name`,
  );
  const values = (wanted: string) => found.filter(({ name }) => name === wanted).map(({ value }) => value);
  return {
    apps: values('app'),
    releases: values('release'),
    environments: values('environment'),
    engines: values('engine'),
    networkTypes: values('network_type'),
    codes: values('code'),
  };
}

export async function listFirstSeen({ rows }: ClickHouseConnection, sinceReceivedMs: number): Promise<FirstSeen[]> {
  return rows(
    `SELECT app, environment, release, code, first_received_at_ms AS firstReceivedAtMs FROM first_seen FINAL
      WHERE first_received_at_ms >= ${Math.trunc(sinceReceivedMs)} AND code <> ''
      ORDER BY first_received_at_ms LIMIT ${MAX_FIRST_SEEN}`,
  );
}
