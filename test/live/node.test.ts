import { describe, expect, it } from 'vitest';
import { loadFault, placesOf, runFault } from '../faults/_kit/run-fault.js';
import { startNodeSpy } from '../privacy/node-spy.js';
import { allCodes } from '../tools/all-codes.js';

/** Every variant of every fault and every healthy set-up, for real, with a client in Node that is full of secrets. */
for (const code of allCodes()) {
  const { fault } = await loadFault(code);
  const variants = Object.entries(fault.variants).filter(([, variant]) => placesOf(fault, variant).includes('node'));
  describe.runIf(variants.length > 0)(code, () => {
    it.each(variants.map(([name]) => name))('%s', async (variant) => {
      const spy = await startNodeSpy();
      const { problems } = await runFault(code, variant, 'node', { spy });
      expect(problems).toEqual([]);
      expect(await spy.finish()).toEqual([]);
    });
  });
}
