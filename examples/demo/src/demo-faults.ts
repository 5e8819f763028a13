import type { DemoFault } from './demo-fault.js';
import { connectFaults } from './faults-connect.js';
import { refusalFaults } from './faults-refusal.js';
import { sessionFaults } from './faults-session.js';
import { upgradeFaults } from './faults-upgrade.js';

/** Everything that the panel offers, in its order. */
export const demoFaults: readonly DemoFault[] = [
  ...connectFaults,
  ...upgradeFaults,
  ...sessionFaults,
  ...refusalFaults,
];
