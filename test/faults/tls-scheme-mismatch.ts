import { makeCertificate } from './_kit/certificate.js';
import type { Fault } from './_kit/fault.js';
import { startHttps } from './_kit/https-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

export const fault: Fault = {
  code: 'tls-scheme-mismatch',
  places: ['node', 'chromium'],
  variants: {
    'https-on-http': {
      places: ['node', 'chromium', 'react-native'],
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url: url.replace('http:', 'https:'), options: quickRetries, close };
      },
    },
    'https-on-http-websocket': {
      start: async () => {
        const { url, close } = await startSocketIo();
        return { url: url.replace('http:', 'https:'), options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
    // The certificate is nobody's: a page cannot see that TLS is spoken there.
    'http-on-https': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startHttps(makeCertificate());
        return { url: url.replace('https:', 'http:'), options: quickRetries, close };
      },
    },
  },
};
