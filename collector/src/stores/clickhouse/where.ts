import type { Scope } from '../store.js';
import { quote } from './quote.js';

/** The `WHERE` of all conditions that are given; empty without any. */
export function where(...conditions: readonly (string | undefined)[]): string {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? '' : `WHERE ${given.join(' AND ')}`;
}

/** No condition for an absent or empty value. */
export function equals(column: string, value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : `${column} = ${quote(value)}`;
}

/** The scope as conditions on a table that has its columns. */
export function scopeConditions(timeColumn: string, scope: Scope): (string | undefined)[] {
  return [
    scope.sinceMs === undefined ? undefined : `${timeColumn} >= ${Math.trunc(scope.sinceMs)}`,
    scope.untilMs === undefined ? undefined : `${timeColumn} < ${Math.trunc(scope.untilMs)}`,
    equals('app', scope.app),
    equals('release', scope.release),
    equals('environment', scope.environment),
    equals('engine', scope.engine),
    equals('network_type', scope.networkType),
  ];
}
