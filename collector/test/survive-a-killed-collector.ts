import { expect, onTestFinished } from 'vitest';
import { startNginx } from '../../test/faults/_kit/nginx.js';
import { childCollector } from './child-collector.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { opened } from './store-contract.js';

const SENDERS = 8;
const ENVELOPES_OF_EACH = 25;

/** Requests of one collector that were answered when it is killed. */
const KILLED_AFTER = 60;

/**
 * Two collectors with these arguments behind a balancer that gives a request to the other when one fails; one of them is killed under
 * load. Every record must be there once, in its last revision.
 */
export async function surviveAKilledCollector(place: string, ...args: string[]): Promise<void> {
  const children = await Promise.all(
    [1, 2].map(() => childCollector('--port', '0', '--rate-per-address', '0', ...args)),
  );
  const urls = await Promise.all(children.map(async (child) => (await child.recordsUrl) ?? child.errors()));
  const balancer = await startNginx({
    target: urls.map((url) => Number(new URL(url).port)),
    lines: 'proxy_next_upstream error timeout http_502 http_503 non_idempotent;',
  });
  onTestFinished(() => balancer.close());

  const expected = { ids: [] as string[], sessions: 0, batches: 0, retries: 0 };
  let answered = 0;
  const send = async (envelope: object) => {
    for (;;) {
      const answer = await fetch(`${balancer.url}/v1/records`, {
        method: 'POST',
        body: JSON.stringify(envelope),
      }).catch(() => undefined);
      if (answer?.status === 200) break;
      // As the SDK does: nothing was promised, so the same batch comes again.
      expected.retries += 1;
    }
    answered += 1;
    if (answered === KILLED_AFTER) children[0]?.process.kill('SIGKILL');
  };
  const sender = async () => {
    for (let sent = 0; sent < ENVELOPES_OF_EACH; sent += 1) {
      const incident = sampleIncident();
      const first = sampleEnvelope({ dropped: { 'queue-full': 1 }, records: [incident, sampleSession()] });
      const last = {
        ...first,
        batch: crypto.randomUUID(),
        records: [{ ...incident, revision: 2, status: 'resolved' }],
      };
      expected.ids.push(incident.id);
      expected.sessions += 1;
      expected.batches += 2;
      // Both at once: which collector gets which, and which is first, is as it comes. Some come twice although they were answered.
      await Promise.all([send(first), send(last), ...(sent % 5 === 0 ? [send(first)] : [])]);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));

  expect(await children[0]?.ended).toBe('SIGKILL');
  const alive = new URL(urls[1] as string).origin;
  const metrics = await (await fetch(`${alive}/metrics`)).text();
  // It had its share before the other was killed, and all of it afterwards.
  expect(Number(/requests_total\{status="200"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(KILLED_AFTER);
  const store = await opened(place);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listIncidents({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.incidents.map(({ id }) => id));
    expect(page.incidents.filter(({ revision, status }) => revision !== 2 || status !== 'resolved')).toEqual([]);
    cursor = page.next;
  } while (cursor !== undefined);
  expect(found.sort()).toEqual(expected.ids.sort());
  expect(await store.overview({})).toMatchObject({
    sessions: expected.sessions,
    incidents: expected.ids.length,
    openIncidents: 0,
    dropped: { 'queue-full': expected.batches },
  });
}
