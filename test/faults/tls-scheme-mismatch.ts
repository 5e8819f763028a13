import { makeCertificate } from './_kit/certificate.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault } from './_kit/fault.js';
import { startHttps } from './_kit/https-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

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
    // nginx complains of it with 400, which a page of another origin cannot read.
    'http-on-nginx': {
      expect: { chromium: { certainty: 'suspected', alternatives: ['server-not-socketio'] } },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startProxy('nginx', { target: server.port, certificate: makeCertificate() });
        const options = { ...quickRetries, rejectUnauthorized: false };
        return { url: proxy.url.replace('https:', 'http:'), options, close: closeAll(proxy, server) };
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
