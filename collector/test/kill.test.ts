import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { childCollector } from './child-collector.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { temporaryFolder } from './started-collector.js';

/** `COLLECTOR_KILLS=100` for more than what fits into every run. */
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
    expectStored(data, promised);
  }
  // Otherwise no kill came in the middle of anything.
  expect(cutOff).toBeGreaterThan(0);
});

function expectStored(data: string, promised: ReadonlySet<string>): void {
  const db = new Database(join(data, 'collector.db'));
  try {
    const counts = new Map<string, number>();
    const rows = db.prepare('SELECT id FROM incidents NOT INDEXED UNION ALL SELECT id FROM sessions NOT INDEXED').all();
    for (const { id } of rows as { id: string }[]) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect([...promised].filter((id) => counts.get(id) !== 1)).toEqual([]);
    expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toMatchObject({ integrity_check: 'ok' });
  } finally {
    db.close();
  }
}
