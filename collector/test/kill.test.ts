import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { childCollector } from './child-collector.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { temporaryFolder } from './started-collector.js';

/** More than what fits into every run with `npm run test:kills`. */
const ROUNDS = Number(process.env.COLLECTOR_KILLS ?? 20);
const SENDERS = 8;

it(`stores what it has answered with a 2xx exactly once through ${ROUNDS} kill -9 under load`, {
  timeout: 60_000 + ROUNDS * 6000,
}, async () => {
  const data = temporaryFolder();
  const promised = new Set<string>();
  /** Not answered: sent again in the next round, as the SDK does. */
  let unanswered: object[] = [];
  let cutOff = 0;
  let stored = 0;

  for (let round = 0; round < ROUNDS; round += 1) {
    const child = await childCollector('--port', '0', '--data', data);
    const recordsUrl = await child.recordsUrl;
    expect(recordsUrl, child.errors()).toBeDefined();

    const dueAnswers = randomInt(1, 60);
    let answers = 0;
    const failed: object[] = [];
    let killed = false;
    const sendUntilKilled = async () => {
      while (!killed) {
        const envelope = unanswered.pop() ?? sampleEnvelope({ records: [sampleIncident(), sampleSession()] });
        const answer = await fetch(recordsUrl as string, { method: 'POST', body: JSON.stringify(envelope) }).catch(
          () => undefined,
        );
        if (answer?.status !== 200) {
          failed.push(envelope);
          return;
        }
        for (const { id } of (envelope as { records: { id: string }[] }).records) promised.add(id);
        answers += 1;
        // Somewhere between two commits or inside of one: up to twice the time in which requests gather for a transaction.
        if (answers === dueAnswers) {
          setTimeout(
            () => {
              killed = true;
              child.process.kill('SIGKILL');
            },
            randomInt(0, 10),
          );
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sendUntilKilled));
    expect(await child.ended).toBe('SIGKILL');
    cutOff += failed.length;
    unanswered = [...unanswered, ...failed];
    stored = expectStored(data, promised);
  }
  // Otherwise no kill came in the middle of anything.
  expect(cutOff).toBeGreaterThan(0);
  // The dashboard's numbers come from rollups, which are counted in the same transactions.
  const store = openSqliteStore(data);
  onTestFinished(() => store.close());
  const { incidents, sessions } = await store.overview({});
  expect(incidents + sessions).toBe(stored);
  const result = process.env.COLLECTOR_KILLS_RESULT;
  if (result) writeFileSync(result, JSON.stringify({ rounds: ROUNDS, promised: promised.size, cutOff, stored }));
});

/** How many records there are, each once. */
function expectStored(data: string, promised: ReadonlySet<string>): number {
  const db = new Database(join(data, 'collector.db'));
  try {
    const counts = new Map<string, number>();
    const rows = db.prepare('SELECT id FROM incidents NOT INDEXED UNION ALL SELECT id FROM sessions NOT INDEXED').all();
    for (const { id } of rows as { id: string }[]) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect([...promised].filter((id) => counts.get(id) !== 1)).toEqual([]);
    expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toMatchObject({ integrity_check: 'ok' });
    return counts.size;
  } finally {
    db.close();
  }
}
