import type { Fault, FaultVariant } from '../faults/_kit/fault.js';
import { quickRetries } from '../faults/_kit/quick-retries.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';

function withHeaders(pageHeaders: Readonly<Record<string, string>>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo();
      return { url, options: quickRetries, pageHeaders, close };
    },
  };
}

/** Policies of the page that forbid nothing here. */
export const healthy: Fault = {
  code: 'page-policies',
  places: ['chromium'],
  variants: {
    'report-only': withHeaders({ 'content-security-policy-report-only': "connect-src 'self'" }),
    // Of the origin `null`, which this server lets in.
    sandboxed: withHeaders({ 'content-security-policy': 'sandbox allow-scripts' }),
  },
};
