import type { Fault } from './_kit/fault.js';
import { tryingAll, withFetch } from './_kit/other-transports.js';
import { plainVariant } from './_kit/plain-variant.js';
import { quickRetries } from './_kit/quick-retries.js';

const json = { 'content-type': 'application/json' };

export const fault: Fault = {
  code: 'request-unauthorized',
  places: ['node', 'chromium', 'chromium-same'],
  variants: {
    'gateway-json-cors': plainVariant({ status: 401, body: '{"message":"Unauthorized"}', headers: json, cors: true }),
    bearer: plainVariant({ status: 401, body: 'Unauthorized', headers: { 'www-authenticate': 'Bearer' } }),
    'gateway-json-fetch': withFetch(
      plainVariant({ status: 401, body: '{"message":"Unauthorized"}', headers: json, cors: true }),
    ),
    'gateway-json-all-transports': {
      ...tryingAll(plainVariant({ status: 401, body: '{"message":"Unauthorized"}', headers: json, cors: true })),
      places: ['node', 'chromium'],
    },
    'proxy-407': {
      ...plainVariant({ status: 407, body: '<h1>Proxy Authentication Required</h1>' }),
      // A browser takes 407 from a server that is no proxy for a broken connection.
      places: ['node'],
    },
    'network-login-511': plainVariant({ status: 511, body: '<h1>Log in to the network</h1>', cors: true }),
    'websocket-only': {
      ...plainVariant({ status: 401 }, { ...quickRetries, transports: ['websocket'] }),
      places: ['node'],
    },
  },
};
