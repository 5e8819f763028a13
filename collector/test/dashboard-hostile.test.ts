import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WireEnvelope } from '../src/ingest/wire-records.js';
import { dashboardBrowser, type ServedDashboard } from './dashboard-browser.js';
import { fillCollector } from './dashboard-data/fill-collector.js';

const { serve, open } = dashboardBrowser();

/** A link, an attribute, elements and a script at once, whatever it is put into; short enough for every field. */
const MARKUP = `javascript:hacked=1//" onfocus="hacked=1" autofocus '><img src=x onerror=hacked=1><script>hacked=1</script><svg onload=hacked=1>`;

/** What the format itself is made of; every other string of a record may be anything. */
const KEPT = new Set([
  'schema',
  'batch',
  'id',
  'sentAt',
  'startedAt',
  'openedAt',
  'updatedAt',
  'closedAt',
  'at',
  'kind',
]);

function poisoned(value: unknown, key = '', isRecord = false): unknown {
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key, key === 'records'));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, one]) => [
      name,
      poisoned(one, name === 'kind' && !isRecord ? 'word' : name),
    ]);
    return Object.fromEntries([...entries, [`${MARKUP} name`, MARKUP]]);
  }
  return typeof value === 'string' && !KEPT.has(key) ? MARKUP : value;
}

let served: ServedDashboard;
let incidentIds: readonly string[];

beforeAll(async () => {
  // What the SDK really sends, kept instead of stored.
  const envelopes: WireEnvelope[] = [];
  await fillCollector(async (envelope) => envelopes.push(envelope), { visits: 60, days: 1, seed: 5 });

  served = await serve();
  const ids: string[] = [];
  for (const envelope of envelopes) {
    const { records, ...around } = envelope;
    const { dropped: _, ...poisonedAround } = poisoned(around) as Record<string, unknown>;
    const answer = await served.post({
      ...poisonedAround,
      // In a newer minor every word is free; that is as much as a sender can choose.
      schema: '1.9',
      session: { ...(poisonedAround.session as object), id: MARKUP, attributes: { [`${MARKUP} key`]: MARKUP } },
      dropped: { [MARKUP]: 3 },
      records: poisoned(records, 'records'),
    });
    expect(answer).toEqual({ accepted: records.length, rejected: [] });
    for (const { kind, id } of records as { kind: string; id: string }[]) if (kind === 'incident') ids.push(id);
  }
  incidentIds = [...new Set(ids)].slice(0, 3);
}, 240_000);

afterAll(() => served?.close());

describe('markup in every string of what the SDK sends', () => {
  const encoded = encodeURIComponent(MARKUP);
  it.each([
    ['the overview', () => '/?period=7d'],
    ['the overview of a poisoned selection', () => `/?period=7d&app=${encoded}&release=${encoded}&engine=${encoded}`],
    ['a selection that does not exist', () => `/?period=7d&app=${encoded}x`],
    ['the incidents', () => `/incidents?period=7d&search=${encoded}`],
    ['the releases', () => '/releases?period=7d'],
    ['a cause', () => `/causes/${encoded}?period=7d`],
    ['a session', () => `/sessions/${encoded}`],
    ['a session that does not exist', () => `/sessions/${encoded}x`],
    ['the first incident', () => `/incidents/${incidentIds[0]}`],
    ['the second incident', () => `/incidents/${incidentIds[1]}`],
    ['the third incident', () => `/incidents/${incidentIds[2]}`],
  ])('is text in %s', async (name, pathOf) => {
    const { page, complaints } = await open(served.url + pathOf());
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('Loading…').waitFor({ state: 'detached' });
    const isMissing = name.includes('does not exist');
    if (!isMissing) await page.getByText('<script>hacked=1</script>').filter({ visible: true }).first().waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    for (const mark of (await page.locator('[data-mark]').all()).slice(0, 20)) await mark.hover({ force: true });
    for (const focusable of (await page.locator('a, button, select, [tabindex]').all()).slice(0, 40)) {
      await focusable.focus();
    }
    expect(
      await page
        .locator(
          'img, iframe, object, embed, base, form, script:not([src]), [onerror], [onload], [onfocus], [autofocus]',
        )
        .count(),
    ).toBe(0);
    const addresses = await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    expect(addresses.filter((address) => !/^https:\/\/socket\.io\/|^http:\/\/127\.0\.0\.1:/.test(address))).toEqual([]);
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    // A 404 of the API is told by the browser as well.
    expect(complaints.filter((complaint) => !(isMissing && complaint.includes('404')))).toEqual([]);
  });
});
