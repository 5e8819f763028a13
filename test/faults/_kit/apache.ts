import type { Listening } from './listen.js';
import { startProgram } from './program.js';
import { type Balance, type ProxySetup, targetsOf } from './proxy-setup.js';

/** Where Debian keeps the modules; `APACHE_MODULES` names another folder. */
const MODULES = process.env.APACHE_MODULES ?? '/usr/lib/apache2/modules';

const modules = [
  'mpm_prefork',
  'authz_core',
  'alias',
  'headers',
  'rewrite',
  'proxy',
  'proxy_http',
  'proxy_wstunnel',
  'proxy_balancer',
  'lbmethod_byrequests',
  'lbmethod_bybusyness',
  'slotmem_shm',
  'socache_shmcb',
  'ssl',
];

/** A real Apache httpd, unprivileged, in front of the given servers. */
export function startApache(setup: ProxySetup): Promise<Listening> {
  const { certificate } = setup;
  return startProgram({
    command: 'apache2',
    env: 'APACHE2',
    scheme: certificate ? 'https' : 'http',
    args: (folder) => ['-D', 'FOREGROUND', '-d', folder, '-f', `${folder}/apache.conf`],
    ready: /resuming normal operations/,
    files: ({ port, folder }) => ({
      'apache.conf': `
ServerName 127.0.0.1
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
Mutex file:${folder}
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
# With threads a WebSocket that is still open would hold up the end for ten seconds.
StartServers 16
MinSpareServers 8
MaxSpareServers 32
MaxRequestWorkers 64
# Apache opens its log by name, and a pipe of the parent has none.
ErrorLog "|$cat >&2"
LogLevel notice
${certificate ? `SSLEngine on\nSSLCertificateFile ${folder}/cert.pem\nSSLCertificateKeyFile ${folder}/key.pem` : ''}
${body(setup)}
`,
      ...(certificate ? { 'cert.pem': certificate.cert, 'key.pem': certificate.key } : {}),
    }),
  });
}

function body(setup: ProxySetup): string {
  const { redirect, from = '/', to = from, websocket = true, idleTimeoutS, maxBodyBytes, lines = '' } = setup;
  const ports = targetsOf(setup);
  const [port] = ports;
  const limits = [
    idleTimeoutS === undefined ? '' : `Timeout ${idleTimeoutS}\nProxyTimeout ${idleTimeoutS}`,
    // LimitRequestBody is not applied to forwarded requests (measured on 2.4.71).
    maxBodyBytes === undefined
      ? ''
      : `RewriteEngine on\nRewriteCond expr "%{HTTP:Content-Length} -gt ${maxBodyBytes}"\nRewriteRule .* - [R=413,L]`,
    lines,
  ].join('\n');
  if (redirect) return `${limits}\nRedirect ${redirect.status} / ${redirect.origin}/`;
  const passed =
    ports.length > 1 ? `ProxyPass ${from} balancer://nodes${to}` : `ProxyPass ${from} http://127.0.0.1:${port}${to}`;
  const upgrades = `RewriteEngine on
RewriteCond %{HTTP:Upgrade} =websocket [NC]
RewriteRule ^${from}(.*) ${ports.length > 1 ? 'balancer://upgrades' : `ws://127.0.0.1:${port}`}${to}$1 [P,L]`;
  return `${limits}
ProxyPreserveHost on
${ports.length > 1 ? members(setup.balance ?? 'round-robin', ports) : ''}
${websocket ? upgrades : ''}
${passed}`;
}

function members(balance: Balance, ports: readonly number[]): string {
  const method = { 'round-robin': 'byrequests', cookie: 'byrequests', 'least-conn': 'bybusyness' }[balance as string];
  if (!method) throw new RangeError(`Apache cannot balance by ${balance}`);
  const group = (name: string, scheme: string) => `<Proxy balancer://${name}>
${ports.map((port, at) => `BalancerMember ${scheme}://127.0.0.1:${port} route=node${at}`).join('\n')}
ProxySet lbmethod=${method}${balance === 'cookie' ? ' stickysession=SERVERID' : ''}
</Proxy>`;
  return `${balance === 'cookie' ? 'Header add Set-Cookie "SERVERID=sticky.%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED' : ''}
${group('nodes', 'http')}
${group('upgrades', 'ws')}`;
}
