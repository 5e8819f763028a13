import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromField, toField } from '../dashboard/moment-field.js';
import { APPEARANCES, barriersOf, dashboardBrowser, type ServedDashboard } from './dashboard-browser.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const { serve, open } = dashboardBrowser();

let served: ServedDashboard;

beforeAll(async () => {
  served = await serve();
  for (const ageMs of [2 * HOUR_MS, 3 * DAY_MS, 20 * DAY_MS]) {
    const at = { openedAt: ago(ageMs), startedAt: ago(ageMs), updatedAt: ago(ageMs) };
    await served.post(sampleEnvelope({ records: [sampleIncident(at), sampleSession(at)] }));
  }
});

afterAll(() => served?.close());

async function opened(path = '/incidents', options = {}) {
  const { page, complaints } = await open(served.url + path, options);
  await page.getByText('Live', { exact: true }).waitFor();
  const period = page.getByLabel('Period');
  const form = page.getByRole('form', { name: 'Custom range' });
  return {
    page,
    complaints,
    period,
    form,
    from: form.getByLabel('From'),
    to: form.getByLabel('To'),
    show: form.getByRole('button', { name: 'Show' }),
  };
}

describe('a custom range', () => {
  it('is typed in the time of the device, by keyboard alone, and is in the address', async () => {
    const { page, period, form, complaints } = await opened('/incidents?app=chat-web', {
      timezoneId: 'Asia/Kolkata',
      locale: 'en-US',
    });
    const rows = page.locator('.incidents li');
    await rows.first().waitFor();
    await period.focus();
    await page.keyboard.press('End');
    await form.waitFor();
    expect(await period.locator('option:checked').textContent()).toBe('Custom range…');
    // The whole day before yesterday, as it is in India.
    const inIndia = new Date(Date.now() - 3 * DAY_MS + 5.5 * HOUR_MS).toISOString();
    const [, year = '', month = '', day = ''] = /^(\d+)-(\d+)-(\d+)/.exec(inIndia) ?? [];
    const type = async (time: string) => {
      await page.keyboard.type(`${month}${day}${year}`);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.type(time);
    };
    await page.keyboard.press('Tab');
    await type('1200AM');
    // Six parts and the button that opens the calendar.
    const focused = () => page.evaluate(() => document.activeElement?.closest('label')?.textContent);
    while ((await focused()) === 'From') await page.keyboard.press('Tab');
    await type('1159PM');
    await page.keyboard.press('Enter');

    const midnight = Date.parse(`${year}-${month}-${day}T00:00:00+05:30`);
    const range = {
      since: new Date(midnight).toISOString(),
      until: new Date(midnight + DAY_MS - 60_000).toISOString(),
    };
    await page.waitForURL(`${served.url}/incidents?${new URLSearchParams({ app: 'chat-web', ...range })}`);
    await form.waitFor({ state: 'detached' });
    await rows.nth(1).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Period');
    expect(await period.locator('option:checked').textContent()).toMatch(/^\w+ \d+, 00:00 – \w+ \d+, 23:59$/);
    await page.reload();
    await rows.first().waitFor();
    expect(await rows.count()).toBe(1);

    // To change it begins with what is shown.
    await period.selectOption('Custom range…');
    expect(await form.getByLabel('From').inputValue()).toBe(`${year}-${month}-${day}T00:00`);
    expect(await form.getByLabel('To').inputValue()).toBe(`${year}-${month}-${day}T23:59`);
    await period.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.goBack();
    await page.waitForURL(`${served.url}/incidents?app=chat-web`);
    expect(complaints).toEqual([]);
  });

  it('goes on until now without an end, and from page to page', async () => {
    const { page, period, form, from, to, show } = await opened('/?period=1h');
    await period.selectOption('Custom range…');
    expect(await to.inputValue()).toBe('');
    const sinceMs = Math.floor((Date.now() - 10 * DAY_MS) / 60_000) * 60_000;
    await from.fill(toField(sinceMs));
    await show.click();
    await form.waitFor({ state: 'detached' });
    const query = new URLSearchParams({ since: new Date(sinceMs).toISOString() });
    await page.waitForURL(`${served.url}/?${query}`);
    await page.getByRole('link', { name: 'Releases', exact: true }).click();
    await page.waitForURL(`${served.url}/releases?${query}`);
    await page.getByRole('link', { name: 'Incidents', exact: true }).click();
    const rows = page.locator('.incidents li');
    await rows.nth(1).waitFor();
    const before = await rows.count();
    await served.post(sampleEnvelope({ records: [sampleIncident({ openedAt: ago(0) })] }));
    await rows.nth(before).waitFor();
    await period.selectOption('24h');
    await page.waitForURL(`${served.url}/incidents`);
  });

  it('that cannot be is told at its field, and nothing else changes', async () => {
    const { page, period, form, from, to, show } = await opened('/incidents?period=7d');
    await period.selectOption('Custom range…');
    const told = form.getByRole('alert');
    const field = (daysAgo: number) => toField(Date.now() - daysAgo * DAY_MS);
    const refusals: readonly [string, string, string, typeof from][] = [
      ['', field(1), '“From” needs a date and a time.', from],
      [field(-2), '', '“From” must not be in the future.', from],
      [field(1), field(2), '“To” must be later than “From”.', to],
      [field(1), field(1), '“To” must be later than “From”.', to],
    ];
    for (const [start, end, text, wrong] of refusals) {
      await from.fill(start);
      await to.fill(end);
      await show.click();
      await told.getByText(text, { exact: true }).waitFor();
      expect(await wrong.evaluate((one) => one === document.activeElement)).toBe(true);
      expect([await from.getAttribute('aria-invalid'), await to.getAttribute('aria-invalid')]).toEqual([
        String(wrong === from),
        String(wrong === to),
      ]);
      expect(
        await wrong.evaluate((one) => document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent),
      ).toBe(text);
    }
    // Half a date is no date.
    await from.fill(field(3));
    await to.fill('');
    await to.focus();
    await page.keyboard.type('0101');
    await show.click();
    await told.getByText('“To” needs a date and a time, or must be empty.', { exact: true }).waitFor();
    expect(page.url()).toBe(`${served.url}/incidents?period=7d`);
    await form.getByRole('button', { name: 'Cancel' }).click();
    expect(await period.inputValue()).toBe('7d');
  });

  it.each([
    ['since=2026-02-01&until=2026-01-01', 'until must be later than since'],
    ['since=soon', 'since must be a time such as'],
  ])('in the address that cannot be is told: %s', async (query, text) => {
    const { page, period, from } = await opened(`/incidents?${query}`);
    await page.getByText(text).first().waitFor();
    await period.selectOption('Custom range…');
    expect(await from.inputValue()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
  });

  it.each(APPEARANCES)('is accessible and fits, %s at %i pixels', async (colorScheme, width) => {
    const { page, period, form, from, show } = await opened('/', { colorScheme, viewport: { width, height: 800 } });
    await period.selectOption('Custom range…');
    await form.waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await from.fill('');
    await show.click();
    await form.getByRole('alert').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    const fields = await form
      .locator('input, button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    for (const right of fields) expect(right).toBeLessThanOrEqual(width);
  });
});

it.each(['2026-03-29T02:30', '0999-01-01T00:00', '2024-02-29T23:59'])('a field keeps its moment: %s', (text) => {
  const ms = fromField(text) ?? Number.NaN;
  expect(fromField(toField(ms))).toBe(ms);
  expect(fromField(toField(ms + 59_999))).toBe(ms);
});

it.each(['', '2026-03-29', '2026-13-01T00:00', 'x'])('a field without a whole moment has none: %j', (text) =>
  expect(fromField(text)).toBeUndefined(),
);
