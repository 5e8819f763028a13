import type { Fault, FaultVariant, RunningFault } from '../faults/_kit/fault.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

function variant(trigger: NonNullable<RunningFault['trigger']>, options: Record<string, unknown> = {}): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url, options, trigger, close };
    },
  };
}

export const healthy: Fault = {
  code: 'page-leaves',
  places: ['chromium', 'chromium-same'],
  variants: {
    reload: variant(({ reload }) => reload()),
    'reload-polling': variant(({ reload }) => reload(), { transports: ['polling'] }),
    // WebKit keeps the page with its connection, cuts that, and wakes both up again; Chromium loads the page anew while it is driven.
    'back-again': variant(async ({ navigateAway, goBack }) => {
      await navigateAway();
      await goBack();
    }),
    navigation: variant(({ navigateAway }) => navigateAway()),
  },
};
