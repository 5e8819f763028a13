import { describe, expect, it, onTestFinished } from 'vitest';
import { dashboardBrowser } from './dashboard-browser.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

const { serve, open: openedPage } = dashboardBrowser();

async function started() {
  const served = await serve();
  onTestFinished(() => served.close());
  return served;
}

describe('the dashboard', () => {
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
    const snippet = (await page.locator('pre').textContent()) ?? '';
    expect(snippet.match(/from '[^']+'/g)).toEqual(["from 'socket.io-client'", "from 'socket.io-diagnostics'"]);
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

  it('lights up what comes while it is watched and tells it to who listens, but not what was only further down', async () => {
    const { url, post } = await started();
    await post(sampleEnvelope({ records: Array.from({ length: 60 }, () => sampleIncident()) }));
    const { page } = await openedPage(`${url}/incidents`);
    const rows = page.locator('.incidents li');
    await rows.nth(49).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows.nth(59).waitFor();
    expect(await page.locator('.fresh').count()).toBe(0);
    await post(
      sampleEnvelope({ records: [sampleIncident({ openedAt: ago(0) }), sampleIncident({ openedAt: ago(0) })] }),
    );
    await page.locator('.fresh').nth(1).waitFor();
    expect(await page.locator('.fresh').count()).toBe(2);
    await page.getByRole('status').getByText('2 incidents arrived or changed', { exact: true }).waitFor();
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
