import { afterAll, beforeAll, expect, it } from 'vitest';
import { APPEARANCES, barriersOf, dashboardBrowser, type ServedDashboard } from './dashboard-browser.js';
import { sampleEnvelope } from './sample-envelope.js';

const { serve, open } = dashboardBrowser();
const TOKEN = 'correct-horse-battery';

let served: ServedDashboard;

beforeAll(async () => {
  served = await serve({ readToken: TOKEN });
  await served.post(sampleEnvelope());
});

afterAll(() => served?.close());

it('asks for the read token, keeps a cookie that no script sees, and signs out', async () => {
  const { page } = await open(`${served.url}/incidents`);
  await page.getByRole('heading', { name: 'Enter the read token' }).waitFor();
  await page.getByLabel('Read token', { exact: true }).fill('wrong-horse');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('That is not the read token of this collector.').waitFor();
  await page.getByLabel('Read token', { exact: true }).fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.locator('.incidents li').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await page.evaluate(() => [document.cookie, JSON.stringify({ ...localStorage, ...sessionStorage })])).toEqual([
    '',
    expect.not.stringContaining(TOKEN),
  ]);
  await page.reload();
  await page.locator('.incidents li').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Read token', { exact: true }).waitFor();
  expect(await page.evaluate(async () => (await fetch('/api/facets')).status)).toBe(401);
});

it.each(APPEARANCES)('asks accessibly, %s at %i pixels', async (colorScheme, width) => {
  const { page } = await open(served.url, { colorScheme, viewport: { width, height: 800 } });
  await page.getByLabel('Read token', { exact: true }).fill('wrong-horse');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await barriersOf(page)).toEqual([]);
});
