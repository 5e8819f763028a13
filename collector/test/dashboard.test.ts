import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../src/server/create-server.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { temporaryFolder } from './started-collector.js';

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

/** What the format itself is made of; every other string of a record may be anything. */
const KEPT = new Set(['schema', 'batch', 'id', 'sentAt', 'startedAt', 'openedAt', 'updatedAt', 'closedAt', 'at']);

let browser: Browser;
let dashboardFolder: string;

beforeAll(async () => {
  dashboardFolder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  await build({ configFile: `${root}vite.config.ts`, logLevel: 'error', build: { outDir: dashboardFolder } });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(dashboardFolder, { recursive: true, force: true });
});

async function started() {
  const logger = { info() {}, error: console.error };
  const store = openSqliteStore(temporaryFolder());
  const app = createServer({
    store,
    readToken: undefined,
    maxWaitingBytes: 1,
    dashboardFolder,
    limits: { keys: [], ratePerAddress: 0, ratePerKey: 0 },
    trustProxy: false,
    maxConnections: 100,
    keepDays: undefined,
    maxSizeBytes: undefined,
    logger,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const post = async (envelope: object) => {
    const response = await fetch(`${url}/v1/records`, { method: 'POST', body: JSON.stringify(envelope) });
    return response.json();
  };
  return { url, post, store };
}

/** A page, and everything that it complained about. */
async function openedPage(address: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  await page.goto(address);
  return { page, complaints };
}

function poisoned(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]);
    return Object.fromEntries([...entries, [`${MARKUP}-name`, MARKUP]]);
  }
  return typeof value === 'string' && !KEPT.has(key) ? MARKUP : value;
}

describe('the dashboard', () => {
  it('shows markup in every string of a record as text and runs none of it', async () => {
    const { url, post } = await started();
    const incident = sampleIncident();
    const { records: _, ...around } = sampleEnvelope();
    // In a newer minor every word is free; that is as much as a sender can choose.
    const envelope = {
      ...(poisoned(around) as object),
      dropped: { [MARKUP]: 3 },
      schema: '1.9',
      records: [{ ...(poisoned(incident) as object), kind: 'incident' }],
    };
    expect(await post(envelope)).toEqual({ accepted: 1, rejected: [] });

    for (const path of [`/incidents/${incident.id}`, '/', `/causes/${encodeURIComponent(MARKUP)}`]) {
      const { page, complaints } = await openedPage(url + path);
      await page.getByText(MARKUP).filter({ visible: true }).first().waitFor();
      if (path.startsWith('/incidents')) {
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(MARKUP);
        await page.locator('[data-mark]').first().waitFor();
        await page.getByText(/ as a table/).click();
        await page.getByRole('cell').getByText(MARKUP).first().waitFor();
      }
      expect(await page.locator('img, iframe, object, script:not([src])').count()).toBe(0);
      const addresses = await page
        .locator('a[href]')
        .evaluateAll((links) => links.map((a) => (a as HTMLAnchorElement).href));
      expect(addresses.filter((address) => !/^https:\/\/socket\.io\/|^http:\/\/127\.0\.0\.1:/.test(address))).toEqual(
        [],
      );
      expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
      expect(complaints).toEqual([]);
    }
  });

  it('makes no link to anywhere but the documentation from what a record says', async () => {
    const { url, post } = await started();
    for (const docs of ['javascript:window.hacked=1', 'https://socket.io.evil.example/', 'https://evil.example/docs']) {
      const incident = sampleIncident({ diagnosis: { ...sampleIncident().diagnosis, code: 'not-known-here', docs } });
      await post(sampleEnvelope({ records: [incident] }));
      const { page } = await openedPage(`${url}/incidents/${incident.id}`);
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      expect(await page.locator('.explanation a').count()).toBe(0);
    }
  });

  it('fills by itself: the first record, then a changed one', async () => {
    const { url, post } = await started();
    const { page, complaints } = await openedPage(url);
    await page.getByRole('heading', { name: 'Waiting for the first record' }).waitFor();
    await page.getByText(`${url}/v1/records`).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();

    const incident = sampleIncident();
    await post(sampleEnvelope({ records: [incident, sampleSession()] }));
    const row = page.locator('.incidents li');
    await row.getByText('open', { exact: true }).waitFor();
    await row.getByRole('link').click();
    await page.waitForURL(`${url}/incidents/${incident.id}`);
    await page.locator('.badges').getByText('open', { exact: true }).waitFor();

    await post(
      sampleEnvelope({ records: [sampleIncident({ ...incident, revision: 2, status: 'resolved', closedAt: ago(0) })] }),
    );
    await page.locator('.badges').getByText('resolved', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('explains a cause and draws a timeline that the keyboard can walk', async () => {
    const { url, post } = await started();
    const incident = sampleIncident();
    await post(sampleEnvelope({ records: [incident] }));
    const { page, complaints } = await openedPage(`${url}/incidents/${incident.id}`);
    await page.getByText("cors: { origin: 'https://chat.example.com' }").waitFor();
    await page.locator('[data-mark][tabindex="0"]').focus();
    const details = page.locator('.mark-details');
    await details.getByText('Attempt 1: failed').waitFor();
    await page.keyboard.press('ArrowRight');
    await details.getByText('Attempt 1 started').waitFor();
    await page.keyboard.press('End');
    await details.getByText('Engine closed: transport error').waitFor();

    await page.getByRole('link', { name: incident.diagnosis.code }).click();
    await page.waitForURL(`${url}/causes/${incident.diagnosis.code}`);
    await page.getByText('Where it happens').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows the newer answer of an incident that was judged again, and what was said before', async () => {
    const { url, post, store } = await started();
    const incident = sampleIncident();
    await post(sampleEnvelope({ records: [incident] }));
    const diagnosis = { ...incident.diagnosis, code: 'gateway-misled', title: MARKUP };
    const rejudged = JSON.stringify({ by: '9.0.0', at: ago(0), diagnosis });
    await store.rejudging.apply([{ ...diagnosis, id: incident.id, revision: 1, rejudged }]);
    const { page, complaints } = await openedPage(`${url}/incidents/${incident.id}`);
    await page.getByRole('heading', { level: 1 }).getByText(MARKUP, { exact: true }).waitFor();
    await page.getByText('Judged again by the rules of 9.0.0').waitFor();
    expect(await page.locator('.page-head').textContent()).toContain('was confirmed cors-origin-not-allowed.');
    expect(complaints).toEqual([]);
  });

  it('keeps its filters in the address and fits a phone', async () => {
    const { url, post } = await started();
    const resolved = sampleIncident({ status: 'resolved', closedAt: ago(0) });
    await post(sampleEnvelope({ records: [sampleIncident(), resolved] }));
    const { page } = await openedPage(`${url}/incidents?status=resolved&period=7d`);
    await page.setViewportSize({ width: 360, height: 740 });
    const rows = page.locator('.incidents li');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(1);
    expect(await page.getByLabel('Status').inputValue()).toBe('resolved');
    await page.getByLabel('Status').selectOption('');
    await page.waitForURL(`${url}/incidents?period=7d`);
    await rows.nth(1).waitFor();
    await page.goBack();
    await rows.nth(1).waitFor({ state: 'detached' });
    for (const path of ['/', `/incidents/${resolved.id}`, `/causes/${resolved.diagnosis.code}`]) {
      await page.goto(url + path);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });

  it('is served under a strict content security policy', async () => {
    const { url } = await started();
    const { headers } = await fetch(`${url}/incidents/any`);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
