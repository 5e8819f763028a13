import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { startHttp } from './_kit/http-server.js';
import { quickRetries } from './_kit/quick-retries.js';

/** A browser follows the redirect and reports only what is at its end. */
const hidden: Expectation = { certainty: 'suspected' };

function to(location: (port: number) => string, status: number): FaultVariant {
  return {
    expect: { chromium: hidden },
    start: async () => {
      const elsewhere = await freePort();
      const { url, close } = await startHttp({ status, headers: { location: location(elsewhere) } });
      return { url, options: quickRetries, close };
    },
  };
}

export const fault: Fault = {
  code: 'request-redirected',
  places: ['node'],
  variants: {
    'login-302': to((port) => `http://127.0.0.1:${port}/login`, 302),
    'login-relative-302': to(() => '/login', 302),
    'moved-301': to((port) => `http://127.0.0.1:${port}/socket.io/`, 301),
    'permanent-308': to((port) => `https://127.0.0.1:${port}/socket.io/`, 308),
    'websocket-only': {
      start: async () => {
        const { url, close } = await startHttp({ status: 301, headers: { location: 'https://127.0.0.1/socket.io/' } });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
  },
};
