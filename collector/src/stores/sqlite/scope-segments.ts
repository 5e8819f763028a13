import type { Scope } from '../store.js';
import type { Ask } from './ask.js';
import { type Condition, equals, where } from './where.js';

export interface SegmentRow {
  readonly id: number;
  readonly app: string;
  readonly release: string;
  readonly environment: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly networkType: string;
}

/** The fine or coarse segments of a scope. */
export function scopeSegments(ask: Ask, scope: Scope, fine: boolean): SegmentRow[] {
  const { sql, values } = where(
    { sql: `(coarse IS NULL) = ${Number(!fine)}`, values: [] },
    equals('app', scope.app),
    equals('release', scope.release),
    equals('environment', scope.environment),
    fine ? equals('engine', scope.engine) : undefined,
    fine ? equals('network_type', scope.networkType) : undefined,
  );
  return ask(
    `SELECT id, app, release, environment, engine, engine_version AS engineVersion, network_type AS networkType FROM segments INDEXED BY segments_by_value ${sql}`,
    ...values,
  );
}

/** Whether only fine segments show what is in a scope. */
export function needsFineSegments({ engine, networkType }: Scope): boolean {
  return Boolean(engine) || Boolean(networkType);
}

/** Condition that the segment is in the scope; nothing for a scope that has them all. */
export function inSegments(ask: Ask, scope: Scope, fine: boolean): Condition | undefined {
  const { app, release, environment } = scope;
  if (![app, release, environment].some(Boolean) && !needsFineSegments(scope)) return undefined;
  const ids = scopeSegments(ask, scope, fine).map(({ id }) => id);
  return { sql: 'segment IN (SELECT value FROM json_each(?))', values: [JSON.stringify(ids)] };
}
