import { fault as sessionNotSticky } from '../../../test/faults/session-not-sticky.js';
import { fault as websocketBlocked } from '../../../test/faults/websocket-blocked.js';
import type { DemoFault } from './demo-fault.js';
import { fromTest } from './from-test.js';

/** The client works over polling and never gets to WebSocket. */
export const upgradeFaults: readonly DemoFault[] = [
  {
    name: 'websocket-blocked',
    group: 'Stuck in polling',
    title: 'WebSocket blocked',
    broken: 'A proxy forwards polling and answers WebSocket with 403.',
    expect: { code: 'websocket-blocked', certainty: 'confirmed' },
    start: fromTest(websocketBlocked, 'forbidden-403'),
  },
  {
    name: 'websocket-swallowed',
    group: 'Stuck in polling',
    title: 'WebSocket swallowed',
    broken:
      'A proxy accepts the WebSocket and drops every frame. No event reports this, so detecting it takes ten seconds.',
    expect: { code: 'websocket-blocked', certainty: 'confirmed' },
    start: fromTest(websocketBlocked, 'swallowed'),
  },
  {
    name: 'upgrade-elsewhere',
    group: 'Stuck in polling',
    title: 'Upgrade not sticky',
    broken: 'A proxy sends polling to one server and the WebSocket to another.',
    expect: { code: 'session-not-sticky', certainty: 'suspected' },
    start: fromTest(sessionNotSticky, 'upgrade-elsewhere'),
  },
];
