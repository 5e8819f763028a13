import type { FaultVariant, RunningFault } from './fault.js';

function changed(variant: FaultVariant, change: (running: RunningFault) => Partial<RunningFault>): FaultVariant {
  return {
    ...variant,
    start: async () => {
      const running = await variant.start();
      return { ...running, ...change(running) };
    },
  };
}

/** The same, with long-polling made by `fetch()` (4.8 and later). */
export function withFetch(variant: FaultVariant): FaultVariant {
  return changed(variant, () => ({ client: '4-bundled', transportClasses: ['Fetch'] }));
}

/** The same, with a client that tries each of its transports and reports only the last error (4.8 and later). */
export function tryingAll(variant: FaultVariant): FaultVariant {
  return changed(variant, ({ options }) => ({
    client: '4',
    options: { ...options, tryAllTransports: true },
    // engine.io-client leaves the rejection of a failed WebTransport to the page.
    mayThrow: true,
  }));
}
