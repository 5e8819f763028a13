import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { read, startedCollector, temporaryFolder } from './started-collector.js';

it('logs once what fails for every dashboard again and again', async () => {
  const data = temporaryFolder();
  const errors: string[] = [];
  const collector = await startedCollector({ data, logger: { info() {}, error: (text) => void errors.push(text) } });
  const db = new Database(join(data, 'collector.db'));
  db.exec('ALTER TABLE codes RENAME TO gone');
  db.close();
  const statuses = [];
  for (let asked = 0; asked < 5; asked += 1) {
    statuses.push((await read(collector, '/api/causes')).status, (await read(collector, '/api/facets')).status);
  }
  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(errors.map((text) => text.split(' failed: ')[0])).toEqual(['GET /api/causes', 'GET /api/facets']);
});
