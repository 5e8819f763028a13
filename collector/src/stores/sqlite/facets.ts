import type { Facets, FirstSeen } from '../store.js';
import type { Ask } from './ask.js';

const MAX_VALUES = 300;
const MAX_FIRST_SEEN = 1000;

export function facets(ask: Ask): Facets {
  const values = (column: string, table = 'segments') =>
    ask<{ value: string }>(
      `SELECT DISTINCT ${column} AS value FROM ${table} WHERE ${column} <> '' ORDER BY value LIMIT ${MAX_VALUES}`,
    ).map(({ value }) => value);
  return {
    apps: values('app'),
    releases: values('release'),
    environments: values('environment'),
    engines: values('engine'),
    networkTypes: values('network_type'),
    codes: values('code', 'codes'),
  };
}

export function listFirstSeen(ask: Ask, sinceReceivedMs: number): FirstSeen[] {
  return ask(
    `SELECT app, environment, release, code, first_received_at_ms AS firstReceivedAtMs FROM first_seen
      WHERE first_received_at_ms >= ? AND code <> '' ORDER BY first_received_at_ms LIMIT ${MAX_FIRST_SEEN}`,
    sinceReceivedMs,
  );
}
