import { startApache } from './apache.js';
import { startCaddy } from './caddy.js';
import { startHaproxy } from './haproxy.js';
import type { Listening } from './listen.js';
import { startNginx } from './nginx.js';
import type { ProxyName, ProxySetup } from './proxy-setup.js';

const starts: Readonly<Record<ProxyName, (setup: ProxySetup) => Promise<Listening>>> = {
  nginx: startNginx,
  apache: startApache,
  haproxy: startHaproxy,
  caddy: startCaddy,
};

/** The same setup behind any of the real proxies. */
export function startProxy(name: ProxyName, setup: ProxySetup): Promise<Listening> {
  return starts[name](setup);
}
