import { type Pick, roundRobin, scattered, startBalancer, stickyButUpgrades } from './_kit/balancer.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';

function variant(nodes: number, pick: Pick, options: Record<string, unknown>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startBalancer({ nodes, pick });
      return { url, options, close };
    },
  };
}

const all = { node: { details: { scope: 'all' } }, chromium: { details: { scope: 'all' } } };
const either: Expectation = {
  certainty: 'suspected',
  alternatives: ['websocket-handled-twice'],
  details: { scope: 'upgrade' },
};
const upgrade = { node: either, chromium: either };

export const fault: Fault = {
  code: 'session-not-sticky',
  places: ['node', 'chromium'],
  variants: {
    'two-round-robin': { ...variant(2, roundRobin, {}), places: ['node', 'chromium', 'chromium-same'], expect: all },
    'two-round-robin-polling': { ...variant(2, roundRobin, { ...quickRetries, transports: ['polling'] }), expect: all },
    'three-scattered': { ...variant(3, scattered, quickRetries), expect: all },
    'four-round-robin': { ...variant(4, roundRobin, quickRetries), expect: all },
    'four-scattered-client-4.5': {
      expect: all,
      start: async () => ({
        ...(await variant(4, scattered, quickRetries).start()),
        client: '4.5',
        // One lost session is a suspicion; chance decides when the second one comes.
        enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed',
      }),
    },
    'upgrade-elsewhere': { ...variant(2, stickyButUpgrades, {}), expect: upgrade },
  },
};
