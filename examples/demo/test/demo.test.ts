import { createServer, type Server } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../test/browser/launch-chromium.js';
import { demoFaults } from '../src/demo-faults.js';
import { type StartedDemo, startedDemo } from './started-demo.js';

const DEFAULT_PORTS = [4380, 4390];

/** A silent failure is reported after ten seconds; a machine that is busy with other tests needs a bit more. */
const DIAGNOSIS_LIMIT_MS = 30_000;

const occupiers: Server[] = [];
let demo: StartedDemo;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  for (const port of DEFAULT_PORTS) await occupy(port);
  [demo, browser] = await Promise.all([startedDemo(), launchChromium()]);
  page = await browser.newPage();
  page.setDefaultTimeout(DIAGNOSIS_LIMIT_MS);
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await demo?.interrupt();
  for (const server of occupiers) server.close();
});

test('takes free ports when its own are taken', () => {
  for (const url of [demo.url, demo.dashboardUrl]) expect(DEFAULT_PORTS).not.toContain(Number(new URL(url).port));
});

test('shows a healthy connection first', async () => {
  await page.goto(demo.url);
  await page.getByText('Connected over websocket, no diagnosis.').waitFor();
  expect(await page.locator('#scene').getAttribute('data-fault')).toBe('healthy');
});

describe('tells what is broken', () => {
  test.each(demoFaults.map((fault) => [fault.name, fault] as const))(
    '%s',
    async (name, { title, expect: { code, certainty } }) => {
      await page.locator(`#faults a[data-name="${name}"]`).click();
      await page.locator(`[data-fault="${name}"] h1`, { hasText: title }).waitFor();
      await page.locator(`[data-fault="${name}"] [data-code="${code}"][data-certainty="${certainty}"]`).waitFor();
      const card = page.locator('article');
      expect(await card.locator('.evidence li').count()).toBeGreaterThan(0);
      expect(await card.getByRole('heading', { name: 'Fix' }).count()).toBe(1);
      if (certainty === 'suspected') expect(await card.locator('.alternatives li').count()).toBeGreaterThan(0);
      expect(await page.locator('#incident').getAttribute('href')).toContain(`${demo.dashboardUrl}incidents/`);
    },
    2 * DIAGNOSIS_LIMIT_MS,
  );
});

test('tells that a server is back', async () => {
  await page.goto(`${demo.url}#fault=server-killed`);
  await page.locator('[data-fault="server-killed"] [data-code="server-went-down"][data-status="resolved"]').waitFor();
  await page.locator('[data-state="connected"][data-transport="websocket"]').waitFor();
});

test('goes back to healthy', async () => {
  await page.getByRole('link', { name: 'Back to healthy' }).click();
  await page.getByText('Connected over websocket, no diagnosis.').waitFor();
});

test('links to the same incident in the dashboard', async () => {
  await page.goto(`${demo.url}#fault=cors-missing`);
  const link = page.getByRole('link', { name: 'Open this incident in the dashboard' });
  await page.locator('[data-fault="cors-missing"] [data-code="cors-origin-not-allowed"]').waitFor();
  const title = await page.locator('article .title').innerText();
  const [dashboard] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await dashboard.getByRole('heading', { name: title }).waitFor();
  expect(await dashboard.locator('main').innerText()).toContain('cors-origin-not-allowed');
  await dashboard.close();
});

test('keeps to its own content security policy, without an error', () => {
  expect(problems).toEqual([]);
});

test('does not start anything for other sites', async () => {
  const ask = (headers: Record<string, string>) => fetch(`${demo.url}runs/healthy`, { headers });
  expect((await ask({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
});

test('stops when only npm is told to, as a supervisor does', async () => {
  const other = await startedDemo();
  expect(await other.interrupt('npm')).toBe(0);
  await expect(fetch(other.url)).rejects.toThrow();
});

test('stops on Ctrl-C with exit code 0 and frees its ports', async () => {
  expect(await demo.interrupt()).toBe(0);
  for (const url of [demo.url, demo.dashboardUrl]) {
    await expect(fetch(url)).rejects.toThrow();
    await occupy(Number(new URL(url).port), true);
  }
});

/** Listens on a port; that it is taken already is as good unless it must be free. */
function occupy(port: number, mustBeFree = false): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (mustBeFree ? reject(error) : resolve()));
    server.listen(port, '127.0.0.1', () => {
      occupiers.push(server);
      resolve();
    });
  });
}
