import { startBalancer, sticky } from '../faults/_kit/balancer.js';
import type { Fault } from '../faults/_kit/fault.js';

export const healthy: Fault = {
  code: 'sticky-nodes',
  places: ['node', 'chromium'],
  variants: { 'three-nodes': { start: () => startBalancer({ nodes: 3, pick: sticky }) } },
};
