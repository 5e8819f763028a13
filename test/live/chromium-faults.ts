import { afterAll, expect, it } from 'vitest';
import { closeBrowsers } from '../browser/harness.js';
import { loadFault, runFault } from '../faults/_kit/run-fault.js';
import { startBrowserSpy } from '../privacy/browser-spy.js';
import { allCodes } from '../tools/all-codes.js';
import { placeInBrowser } from './place-in-browser.js';

/** The part files among which the codes are dealt, so that several processes share them. */
const PARTS = 2;

/**
 * The first variant of every fault and healthy set-up in real Chromium, with secrets all over the page; `npm run faults` runs them all.
 * Each part has a browser of its own and bears one run at a time, because it looks at every byte of its process.
 */
export async function liveInChromium(part: 1 | 2): Promise<void> {
  afterAll(closeBrowsers);
  let dealt = 0;
  for (const code of allCodes()) {
    const { fault } = await loadFault(code);
    const name = Object.keys(fault.variants).find((variant) => placeInBrowser(fault, variant, 'chromium'));
    const place = name && placeInBrowser(fault, name, 'chromium');
    if (!place || dealt++ % PARTS !== part - 1) continue;
    it(`${code}: ${name}, ${place}`, async () => {
      const spy = await startBrowserSpy();
      const { problems, skipped } = await runFault(code, name, place, { spy });
      expect(problems.join('\n')).toBe('');
      expect(skipped).toBeUndefined();
      expect(await spy.finish()).toEqual([]);
    });
  }
}
