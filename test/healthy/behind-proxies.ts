import { closeAll } from '../faults/_kit/close-all.js';
import type { Fault, FaultVariant, Place } from '../faults/_kit/fault.js';
import type { ProxyName, ProxySetup } from '../faults/_kit/proxy-setup.js';
import { startSocketIo } from '../faults/_kit/socketio-server.js';
import { startProxy } from '../faults/_kit/start-proxy.js';

const everywhere: readonly Place[] = ['node', 'chromium', 'chromium-same'];

function behind(
  name: ProxyName,
  nodes: number,
  setup: Partial<ProxySetup>,
  options: Record<string, unknown> = {},
  places: readonly Place[] = ['node', 'chromium'],
): FaultVariant {
  return {
    places,
    start: async () => {
      const servers = await Promise.all(Array.from({ length: nodes }, () => startSocketIo()));
      const proxy = await startProxy(name, { target: servers.map(({ port }) => port), ...setup });
      return { url: proxy.url, options, close: closeAll(proxy, ...servers) };
    },
  };
}

const withCookie = { withCredentials: true };

export const healthy: Fault = {
  code: 'behind-proxies',
  places: ['node', 'chromium'],
  variants: {
    apache: behind('apache', 1, {}, {}, everywhere),
    haproxy: behind('haproxy', 1, {}),
    caddy: behind('caddy', 1, {}),
    'caddy-stripped-prefix': behind('caddy', 1, { from: '/api/', to: '/' }, { path: '/api/socket.io' }),
    'nginx-by-address': behind('nginx', 3, { balance: 'ip-hash' }),
    'haproxy-by-cookie': behind('haproxy', 3, { balance: 'cookie' }, withCookie),
    'apache-by-cookie': behind('apache', 3, { balance: 'cookie' }, withCookie),
    'caddy-by-cookie-polling': behind('caddy', 3, { balance: 'cookie' }, { ...withCookie, transports: ['polling'] }),
    // One request only: nothing has to be sticky.
    'haproxy-round-robin-websocket': behind('haproxy', 3, {}, { transports: ['websocket'] }),
  },
};
