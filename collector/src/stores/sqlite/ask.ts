import type Database from 'libsql';

/** All rows of a query. */
export type Ask = <T>(sql: string, ...values: readonly (string | number)[]) => T[];

/** Keeps each statement once it was used: preparing costs more than many a query. */
export function createAsk(db: Database.Database): Ask {
  const statements = new Map<string, Database.Statement>();
  return <T>(sql: string, ...values: readonly (string | number)[]) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement.all(...values) as T[];
  };
}
