import { setTimeout as wait } from 'node:timers/promises';
import { closeBrowsers } from '../../../test/browser/harness.js';
import type { RunningFault } from '../../../test/faults/_kit/fault.js';
import { loadFault, runVariant } from '../../../test/faults/_kit/run-fault.js';

/** What only a real page meets or tells: refused origins, a network that goes away. */
const VISITS = [
  ['cors-origin-not-allowed', 'other-origin'],
  ['cors-origin-not-allowed', 'no-cors'],
  ['network-offline', 'after-connect'],
] as const;

/** Long enough for the answer and for what is sent after it. */
const STAY_MS = 9000;

const loseNetwork: NonNullable<RunningFault['trigger']> = async ({ setOffline }) => {
  await setOffline(true);
  await wait(3000);
  await setOffline(false);
};

/** Real pages in Chromium, now, of the newest release. */
export async function visitInChromium(recordsUrl: string): Promise<void> {
  try {
    for (const [code, variantName] of VISITS) {
      const { fault } = await loadFault(code);
      const variant = fault.variants[variantName];
      if (variant === undefined) throw new Error(`${code} has no variant ${variantName}`);
      const start = async () => ({
        ...(await variant.start()),
        diagnostics: {
          collector: recordsUrl,
          app: { name: 'shop-web', release: '4.3.0', environment: 'production' },
          attributes: { plan: 'team' },
        },
        ...(code === 'network-offline' && { trigger: loseNetwork }),
        enough: () => false,
        limitMs: STAY_MS,
      });
      await runVariant({
        fault: { ...fault, variants: { [variantName]: { ...variant, start } } },
        healthy: false,
        variantName,
        place: 'chromium',
        raw: false,
      });
    }
  } finally {
    await closeBrowsers();
  }
}
