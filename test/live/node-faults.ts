import { describe, expect, it } from 'vitest';
import { loadFault, placesOf, runFault } from '../faults/_kit/run-fault.js';
import { startNodeSpy } from '../privacy/node-spy.js';
import { allCodes } from '../tools/all-codes.js';

/** The part files among which the variants are dealt, so that several processes share them. */
const PARTS = 8;

/**
 * Every variant of every fault and every healthy set-up, for real, with a client in Node that is full of secrets. Most of the time such a
 * run waits, so the parts run beside each other; what looks at every byte of a process bears one run at a time in each.
 */
export async function liveInNode(part: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8): Promise<void> {
  let dealt = 0;
  for (const code of allCodes()) {
    const { fault } = await loadFault(code);
    const variants = Object.entries(fault.variants)
      .filter(([, variant]) => placesOf(fault, variant).includes('node'))
      .map(([name]) => name)
      .filter(() => dealt++ % PARTS === part - 1);
    describe.runIf(variants.length > 0)(code, () => {
      it.each(variants)('%s', async (variant) => {
        const spy = await startNodeSpy();
        const { problems } = await runFault(code, variant, 'node', { spy });
        expect(problems.join('\n')).toBe('');
        expect(await spy.finish()).toEqual([]);
      });
    });
  }
}
