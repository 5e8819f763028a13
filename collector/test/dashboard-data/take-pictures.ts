import { join } from 'node:path';
import { launchChromium } from '../../../test/browser/launch-chromium.js';
import type { IncidentPage } from '../../src/stores/store.js';

/** Wide enough for what stands side by side, and legible in a README. */
const VIEWPORT = { width: 1240, height: 800 };

/** The pictures of the README, from a collector that was filled: the overview, and an incident with attempts and probes. */
export async function takePictures(url: string, folder: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light', reducedMotion: 'reduce' });
    const take = async (path: string, name: string) => {
      await page.goto(new URL(path, url).href);
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByText('Loading…').waitFor({ state: 'detached' });
      await page.locator('.leading-remedy, .timeline svg').first().waitFor();
      await page.screenshot({ path: join(folder, name) });
    };
    await take('/?period=7d', 'overview.png');
    const asked = new URL('/api/incidents?period=7d&code=cors-origin-not-allowed&limit=1', url);
    const { incidents } = (await (await fetch(asked)).json()) as IncidentPage;
    if (incidents[0] === undefined) throw new Error('There is no page in Chromium to photograph: add --chromium.');
    await take(`/incidents/${incidents[0].id}`, 'incident.png');
  } finally {
    await browser.close();
  }
}
