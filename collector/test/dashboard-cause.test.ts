import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardBrowser, type ServedDashboard } from './dashboard-browser.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';

const { serve, open } = dashboardBrowser();

const { timeToConnectMs: _, timeToUpgradeMs: __, ...neverConnected } = sampleSession({ connected: false });
const { code, title } = sampleIncident().diagnosis;

let served: ServedDashboard;

/** One page with one socket. */
function visit(networkType: string, outcome: 'connected' | 'failed' | 'over') {
  const { session } = sampleEnvelope();
  const context = { ...session, id: crypto.randomUUID(), runtime: { ...session.runtime, networkType } };
  const records =
    outcome === 'connected'
      ? [sampleSession()]
      : outcome === 'over'
        ? [{ ...neverConnected, id: crypto.randomUUID(), ended: 'page' as const }]
        : [sampleIncident(), { ...neverConnected, id: crypto.randomUUID(), failedAttempts: 3, incidents: 1 }];
  return { ...sampleEnvelope({ session: context }), records };
}

beforeAll(async () => {
  served = await serve();
  // Six of eight on the phone fail, and two of thirty-two on other networks; four did not wait.
  const visits = [
    ...Array.from({ length: 6 }, () => visit('cellular', 'failed')),
    ...Array.from({ length: 2 }, () => visit('cellular', 'connected')),
    ...Array.from({ length: 2 }, () => visit('wifi', 'failed')),
    ...Array.from({ length: 26 }, () => visit('wifi', 'connected')),
    ...Array.from({ length: 4 }, () => visit('wifi', 'over')),
  ];
  for (const one of visits) await served.post(one);
}, 60_000);

afterAll(() => served?.close());

describe('what a product manager asks', () => {
  it('how many could not connect, apart from those who did not wait', async () => {
    const { page } = await open(served.url);
    await page.getByRole('heading', { level: 1, name: '8 of 40 sessions could not connect' }).waitFor();
    await page.getByText(/4 sessions \([\d.]+%\) were over before they connected or anything failed/).waitFor();
    await page.getByText('cellular (3.8× its usual share)').waitFor();
  });

  it('which network stands out, not which everybody uses', async () => {
    const { page } = await open(`${served.url}/causes/${code}`);
    const network = page.locator('.breakdown').filter({ has: page.getByRole('heading', { name: 'Network' }) });
    await network.getByText('% of all sessions').nth(1).waitFor({ state: 'attached' });
    const [cellular, wifi] = await Promise.all(
      ['cellular', 'wifi'].map((name) => network.getByRole('listitem').filter({ hasText: name }).textContent()),
    );
    expect(cellular).toContain('3.8×');
    expect(cellular).toContain('20% of all sessions');
    expect(wifi).not.toContain('×');
    expect(wifi).toContain('80% of all sessions');
  });

  it('what to write into a ticket', async () => {
    const { page } = await open(`${served.url}/causes/${code}?period=7d`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByText('20% of all.').waitFor();
    await page.getByRole('button', { name: 'Copy for a ticket' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const ticket = await page.evaluate(() => navigator.clipboard.readText());
    expect(ticket).toContain(`## ${title}\n`);
    expect(ticket).toContain('8 sessions (20% of all) in the last 7 days; an affected session cannot connect.');
    expect(ticket).toContain('first in release 4.2.0');
    expect(ticket).toContain('**What to change:** Allow https://chat.example.com');
    expect(ticket).toContain(`${served.url}/causes/${code}?period=7d`);
  });

  it('what became of one session that did not connect', async () => {
    const over = visit('wifi', 'over');
    await served.post({ ...over, records: [{ ...over.records[0], startedAt: ago(90 * 86_400_000) }] });
    const { page } = await open(`${served.url}/sessions/${over.session.id}`);
    await page.locator('.badge').getByText('over before anything failed', { exact: true }).waitFor();
  });
});
