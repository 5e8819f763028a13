import type { Scope } from '../store.js';

/** A condition with the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The `WHERE` of all conditions that are given; empty without any. */
export function where(...conditions: readonly (Condition | undefined)[]): Condition {
  const given = conditions.filter((condition) => condition !== undefined);
  if (given.length === 0) return { sql: '', values: [] };
  return { sql: `WHERE ${given.map(({ sql }) => sql).join(' AND ')}`, values: given.flatMap(({ values }) => values) };
}

/** No condition for an absent or empty value. */
export function equals(column: string, value: string | undefined): Condition | undefined {
  return value === undefined || value === '' ? undefined : { sql: `${column} = ?`, values: [value] };
}

/** The scope as conditions on a table that has its columns. */
export function scopeConditions(timeColumn: string, scope: Scope): (Condition | undefined)[] {
  return [
    scope.sinceMs === undefined ? undefined : { sql: `${timeColumn} >= ?`, values: [scope.sinceMs] },
    scope.untilMs === undefined ? undefined : { sql: `${timeColumn} < ?`, values: [scope.untilMs] },
    equals('app', scope.app),
    equals('release', scope.release),
    equals('environment', scope.environment),
    equals('engine', scope.engine),
    equals('network_type', scope.networkType),
  ];
}
