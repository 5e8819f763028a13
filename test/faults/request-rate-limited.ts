import type { Fault } from './_kit/fault.js';
import { hidden, plainVariant } from './_kit/plain-variant.js';

const json = { 'content-type': 'application/json' };

export const fault: Fault = {
  code: 'request-rate-limited',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'json-cors': plainVariant({ status: 429, body: '{"message":"Too Many Requests"}', headers: json, cors: true }),
    'with-retry-after': {
      ...plainVariant({ status: 429, headers: { 'retry-after': '30' } }),
      expect: {
        node: { details: { retryAfterMs: 30_000 } },
        'chromium-same': { details: { retryAfterMs: 30_000 } },
        chromium: hidden,
      },
    },
  },
};
