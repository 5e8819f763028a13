import type { Probe } from './probe.js';

/** Does the page have permission to reach the local network? Asks only the browser, and never the user. */
export const localNetworkPermission: Probe = {
  name: 'local-network-permission',
  cost: () => 0,
  isPossible: ({ runtime }) => runtime.page !== undefined && runtime.kind !== 'node' && runtime.kind !== 'react-native',
  async ask({ runtime }) {
    // The first is Chromium's from 142 on; the others are the two into which it is divided (accepted by Chromium 156).
    const state = await runtime.permission(['local-network-access', 'local-network', 'loopback-network']);
    if (state === undefined) return { answer: 'unknown', why: 'the browser does not know this permission' };
    // Until the user was asked and has answered (`prompt`), nothing gets through either.
    return { answer: state === 'granted' ? 'yes' : 'no' };
  },
};
