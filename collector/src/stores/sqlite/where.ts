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
export function equals(column: string, value: string | number | undefined): Condition | undefined {
  return value === undefined || value === '' ? undefined : { sql: `${column} = ?`, values: [value] };
}

/** From `since` on and before `until`. */
export function between(column: string, since: number | undefined, until: number | undefined): Condition[] {
  return [
    ...(since === undefined ? [] : [{ sql: `${column} >= ?`, values: [since] }]),
    ...(until === undefined ? [] : [{ sql: `${column} < ?`, values: [until] }]),
  ];
}
