import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CollectorError } from '../collector-error.js';
import type { RejudgeCommand } from '../parse-command-line.js';
import { openSqliteStore } from '../stores/sqlite/open-sqlite-store.js';
import { findJudge } from './find-judge.js';
import { rejudge } from './rejudge.js';
import { rejudgeText } from './rejudge-text.js';

/** Judges the database in a folder with the rules found from `folder`, and says what changed. */
export async function rejudgeData(folder: string, { data, ...options }: RejudgeCommand): Promise<string> {
  const judge = findJudge(folder);
  if (!existsSync(join(data, 'collector.db')))
    throw new CollectorError(`There is no database in ${data}. Name its folder with --data.`);
  const store = openSqliteStore(data);
  try {
    const report = await rejudge({ store: store.rejudging, judge, ...options });
    return rejudgeText(report, { version: judge.version, apply: options.apply });
  } finally {
    await store.close();
  }
}
