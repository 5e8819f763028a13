import { describe, expect, it } from 'vitest';
import { loadFault, placesOf, runFault } from '../faults/_kit/run-fault.js';
import { allCodes } from '../tools/all-codes.js';

/** Every variant that is about React Native, with the real client on a stand-in for its network. */
for (const code of allCodes()) {
  const { fault } = await loadFault(code);
  const variants = Object.entries(fault.variants).filter(([, variant]) =>
    placesOf(fault, variant).includes('react-native'),
  );
  describe.runIf(variants.length > 0)(code, () => {
    it.each(variants.map(([name]) => name))('%s', async (variant) => {
      expect((await runFault(code, variant, 'react-native')).problems.join('\n')).toBe('');
    });
  });
}
