import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CauseRank, IncidentPage } from '../src/stores/store.js';
import { APPEARANCES, barriersOf, dashboardBrowser, type ServedDashboard } from './dashboard-browser.js';
import { fillCollector } from './dashboard-data/fill-collector.js';
import { receiveInto } from './dashboard-data/receive-into.js';

const HOUR_MS = 3_600_000;

const { serve, open } = dashboardBrowser();

let served: ServedDashboard;
/** Address of each view within the product whose days were filled in. */
let views: Readonly<Record<string, string>>;
let leading: CauseRank;

beforeAll(async () => {
  served = await serve();
  await fillCollector(receiveInto(served.store), { visits: 160, days: 6, seed: 3 });
  const ask = async <T>(path: string) => (await (await fetch(served.url + path)).json()) as T;
  leading = (await ask<{ causes: CauseRank[] }>('/api/causes?period=7d')).causes[0] as CauseRank;
  const [incident] = (await ask<IncidentPage>(`/api/incidents?period=7d&code=${leading.code}`)).incidents;
  views = {
    overview: '/?period=7d',
    incidents: '/incidents?period=7d',
    releases: '/releases?period=7d',
    cause: `/causes/${leading.code}?period=7d`,
    incident: `/incidents/${incident?.id}`,
    session: `/sessions/${incident?.clientSessionId}`,
    'nothing matches': '/?app=nobody',
  };
}, 240_000);

afterAll(() => served?.close());

const names = ['overview', 'incidents', 'releases', 'cause', 'incident', 'session', 'nothing matches'];

/** What is there once the answers are. */
async function shown(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('Loading…').waitFor({ state: 'detached' });
  await page.locator('h1').first().waitFor();
}

describe.each(names)('the view: %s', (name) => {
  it.each(APPEARANCES)('is accessible and fits, %s at %i pixels', async (colorScheme, width) => {
    const { page, complaints } = await open(served.url + views[name], {
      colorScheme,
      viewport: { width, height: 800 },
    });
    await shown(page);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('the view: nothing stored yet', () => {
  it.each(APPEARANCES)('is accessible and fits, %s at %i pixels', async (colorScheme, width) => {
    const empty = await serve();
    onTestFinished(() => empty.close());
    const { page, complaints } = await open(empty.url, { colorScheme, viewport: { width, height: 800 } });
    await page.getByRole('heading', { name: 'Waiting for the first record' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('tells at once how many cannot connect, what keeps them out, and what to change', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    const overview = await (await fetch(`${served.url}/api/overview?period=7d`)).json();
    const failing = Math.round(overview.sessions * overview.failedShare);
    expect(failing).toBeGreaterThan(0);
    const verdict = page.locator('.verdict');
    await verdict.getByText('What to change').waitFor();
    expect(await verdict.getByRole('heading', { level: 1 }).textContent()).toBe(
      `${failing} of ${overview.sessions} sessions could not connect`,
    );
    await verdict.getByText('First in release').waitFor();
    expect(await verdict.locator('.verdict-share').textContent()).toContain(
      'no data from the previous 7 days to compare with',
    );
    expect(await page.locator('.figure-change').allTextContents()).toEqual(['', '', '', '', '']);
    // What there was nothing before of is not new either.
    expect(new Set(await page.locator('.cause-table tbody .cause-change').allTextContents())).toEqual(
      new Set(['– nothing to compare with']),
    );
    // Against a time in which there was something, each figure tells its change in words.
    await page.goto(`${served.url}/?since=${Date.now() - 72 * HOUR_MS}&until=${Date.now()}`);
    await page.locator('.figure-change').filter({ hasText: /./ }).first().waitFor();
    const changes = await page.locator('.figure-change').allTextContents();
    expect(changes.length).toBe(5);
    for (const change of changes) expect(change).toMatch(/up|down|unchanged/);
  });

  it('marks in the trends where a release began, and tells it to the arrow keys', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    const chart = page.getByRole('slider', { name: 'Sessions that could not connect, over time' });
    await chart.locator('.chart-mark').nth(1).waitFor();
    const { releaseStarts, trend, bucketMs } = await (await fetch(`${served.url}/api/overview?period=7d`)).json();
    expect(releaseStarts.map(({ release }: { release: string }) => release)).toEqual(['4.2.0', '4.3.0']);
    const steps = trend.findIndex(({ atMs }: { atMs: number }) => atMs + bucketMs > releaseStarts[1].firstAtMs);
    await chart.focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < steps; step++) await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).toContain(': 4.3.0 starts, ');
  });

  it('is as it was when its reader comes back, where it was, before it was asked anew', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    const link = page.getByRole('link', { name: 'All incidents' });
    await link.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => scrollY);
    expect(scrolled).toBeGreaterThan(300);
    await link.click();
    await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    // Nothing is answered any more.
    await page.route('**/api/**', () => {});
    await page.goBack();
    await page.locator('.verdict').waitFor();
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 5, scrolled);
  });

  it('keeps what it shows, dimmed, until another selection is answered', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/overview?*release=4.1.2*', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByLabel('Release', { exact: true }).selectOption('4.1.2');
    await page.locator('[aria-busy="true"] .verdict').waitFor();
    expect(await page.getByText('Loading…').count()).toBe(0);
    answer();
    await page.locator('[aria-busy="false"] .verdict').waitFor();
    const { sessions } = await (await fetch(`${served.url}/api/overview?period=7d&release=4.1.2`)).json();
    await page.locator('.figure-sessions .figure-value').getByText(String(sessions), { exact: true }).waitFor();
  });

  it('is walked by keyboard: to a cause and back', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    const link = page.locator('.cause-table').getByRole('link', { name: leading.title, exact: true });
    await link.waitFor();
    const isThere = () => link.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 80 && !(await isThere()); presses++) await page.keyboard.press('Tab');
    expect(await isThere()).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${served.url}${views.cause}`);
    await page.getByRole('heading', { level: 1, name: leading.title }).waitFor();
    await page.goBack();
    await page.waitForURL(`${served.url}${views.overview}`);
    await link.waitFor();
  });

  it('tells the values of a chart to the arrow keys', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    const chart = page.getByRole('slider', { name: 'Sessions, over time', exact: true });
    await chart.focus();
    await page.keyboard.press('Home');
    const first = await chart.getAttribute('aria-valuetext');
    expect(first).toMatch(/^\w+ \d+, \d\d:\d\d: \d+$/);
    await page
      .locator('.figure-sessions .chart-told')
      .getByText(first ?? '')
      .waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).not.toBe(first);
  });

  it('narrows to a stretch of time by a click into a chart or by Enter, and goes back', async () => {
    const { page } = await open(served.url + views.overview);
    await shown(page);
    const chart = page.getByRole('slider', { name: 'Sessions, over time', exact: true });
    await chart.click();
    await page.waitForURL(/since=.*until=/);
    const range = new URL(page.url()).searchParams;
    expect(Date.parse(range.get('until') ?? '') - Date.parse(range.get('since') ?? '')).toBe(6 * 3_600_000);
    const answer = await (await fetch(`${served.url}/api/overview?${range}`)).json();
    await page.locator('.figure-sessions .figure-value').getByText(String(answer.sessions), { exact: true }).waitFor();
    expect(await page.getByLabel('Period').locator('option:checked').textContent()).toMatch(/^\w+ \d+, \d\d:\d\d – /);
    await page.goBack();
    await page.waitForURL(`${served.url}${views.overview}`);
    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.waitForURL(/since=.*until=/);
    await page.getByLabel('Period').selectOption('7d');
    await page.waitForURL(`${served.url}${views.overview}`);
  });

  it('keeps every filter in the address, through pages and back', async () => {
    const { page } = await open(`${served.url}/?period=7d`);
    await shown(page);
    const filters: [string, string, string][] = [
      ['Release', 'release', '4.1.2'],
      ['Environment', 'environment', 'production'],
      ['Browser', 'engine', 'chromium'],
      ['Network', 'networkType', 'wifi'],
    ];
    const expected = new URLSearchParams('period=7d');
    for (const [label, name, value] of filters) {
      await page.getByLabel(label, { exact: true }).selectOption(value);
      expected.set(name, value);
      await page.waitForURL(`${served.url}/?${expected}`);
    }
    const answer = await (await fetch(`${served.url}/api/overview?${expected}`)).json();
    await page.locator('.figure-sessions .figure-value').getByText(String(answer.sessions), { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Releases' }).click();
    await page.waitForURL(`${served.url}/releases?${expected}`);
    await page.goBack();
    await page.goBack();
    expected.delete('networkType');
    await page.waitForURL(`${served.url}/?${expected}`);
    await page.reload();
    await shown(page);
    expect(await page.getByLabel('Browser', { exact: true }).inputValue()).toBe('chromium');
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await page.waitForURL(`${served.url}/?period=7d`);
  });

  it('gives the selection as a file', async () => {
    const { page } = await open(`${served.url}/incidents?period=7d&code=${leading.code}`);
    await shown(page);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export incidents as CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^incidents-.*\.csv$/);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines.length).toBe(leading.incidents + 1);
  });

  it('remembers the theme that was chosen', async () => {
    const { page } = await open(served.url, { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Theme: same as system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  });

  it('says that the collector is away, and goes on when it is back', async () => {
    const { page } = await open('about:blank');
    await page.route('**/api/overview*', (route) => route.abort());
    await page.goto(served.url + views.overview);
    await page.getByRole('alert').getByText('The collector does not respond.').waitFor();
    await page.unroute('**/api/overview*');
    await page.locator('.verdict').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
