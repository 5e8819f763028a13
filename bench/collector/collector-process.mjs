// The collector as its program starts it, without the limits for a single sender.
import { join } from 'node:path';
import Database from 'libsql';
import { startCollector } from '../../collector/dist/index.js';
import { serveMeasured } from './serve-measured.mjs';

const data = process.argv[2];
const collector = await startCollector({ port: 0, data, ratePerAddress: 0, ratePerKey: 0, logger: console });
process.once('SIGINT', () => process.exit());
serveMeasured(Number(new URL(collector.url).port), () => {
  const db = new Database(join(data, 'collector.db'));
  const [count] = db
    .prepare('SELECT (SELECT COUNT(*) FROM incidents) + (SELECT COUNT(*) FROM sessions) AS stored')
    .all();
  db.close();
  return count.stored;
});
