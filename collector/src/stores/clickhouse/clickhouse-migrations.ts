import type { ClickHouseLayout } from './create-table.js';
import { records } from './migrations/0001-records.js';
import { failedSessions } from './migrations/0002-failed-sessions.js';

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** Each may run again, even at the same time in another collector: CREATE … IF NOT EXISTS, ADD COLUMN IF NOT EXISTS. */
  readonly statements: (layout: ClickHouseLayout) => readonly string[];
}

/** In order. A released migration never changes: changes come as another one. */
export const clickHouseMigrations: readonly Migration[] = [
  { version: 1, name: 'records', statements: records },
  { version: 2, name: 'failed-sessions', statements: failedSessions },
];
