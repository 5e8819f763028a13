import { afterAll, describe, expect, it } from 'vitest';
import { closeBrowsers } from '../browser/harness.js';
import { loadFault, placesOf, runFault } from '../faults/_kit/run-fault.js';
import { startBrowserSpy } from '../privacy/browser-spy.js';
import { allCodes } from '../tools/all-codes.js';

afterAll(closeBrowsers);

/** The first variant of every fault and healthy set-up in real Chromium, with secrets all over the page; `npm run faults` runs them all. */
for (const code of allCodes()) {
  const { fault } = await loadFault(code);
  const found = Object.entries(fault.variants)
    .map(([name, variant]) => ({ name, place: placesOf(fault, variant).find((place) => place !== 'node') }))
    .find(({ place }) => place !== undefined);
  describe.runIf(found)(code, () => {
    it(`${found?.name}, ${found?.place}`, async () => {
      const spy = await startBrowserSpy();
      const { problems } = await runFault(code, found?.name ?? '', found?.place ?? 'chromium', { spy });
      expect(problems).toEqual([]);
      expect(await spy.finish()).toEqual([]);
    });
  });
}
