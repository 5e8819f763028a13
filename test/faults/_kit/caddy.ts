import type { Listening } from './listen.js';
import { startProgram } from './program.js';
import { type ProxySetup, targetsOf } from './proxy-setup.js';

const policies = {
  'round-robin': 'round_robin',
  random: 'random',
  'least-conn': 'least_conn',
  'ip-hash': 'ip_hash',
  cookie: 'cookie SERVERID',
} as const;

/** A real Caddy, unprivileged, in front of the given servers. */
export function startCaddy(setup: ProxySetup): Promise<Listening> {
  const { certificate } = setup;
  const scheme = certificate ? 'https' : 'http';
  return startProgram({
    command: 'caddy',
    env: 'CADDY',
    scheme,
    args: (folder) => ['run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`],
    ready: /serving initial configuration/,
    files: ({ port, folder }) => ({
      Caddyfile: `{
  admin off
  auto_https off
  grace_period 100ms
  # A client that dials an address names no host in its TLS handshake.
  default_sni 127.0.0.1
}
${scheme}://:${port} {
  bind 127.0.0.1
  ${certificate ? `tls ${folder}/cert.pem ${folder}/key.pem` : ''}
${site(setup)}
}
`,
      ...(certificate ? { 'cert.pem': certificate.cert, 'key.pem': certificate.key } : {}),
    }),
  });
}

function site(setup: ProxySetup): string {
  const { redirect, from = '/', to = from, websocket = true, idleTimeoutS, maxBodyBytes, lines = '' } = setup;
  if (redirect) return `  redir ${redirect.origin}{uri} ${redirect.status}`;
  const headers = websocket
    ? ''
    : '# Caddy passes upgrades on by itself; taking the header away is what an older hop in front does.\n      header_up -Upgrade\n      header_up -Connection';
  return `${lines}
  # A route keeps the order in which it is written.
  route {
    @elsewhere not path ${from}*
    respond @elsewhere 404
    ${maxBodyBytes === undefined ? '' : `request_body {\n      max_size ${maxBodyBytes}\n    }`}
    ${to === from ? '' : `uri path_regexp ^${from} ${to}`}
    reverse_proxy ${targetsOf(setup)
      .map((port) => `127.0.0.1:${port}`)
      .join(' ')} {
      lb_policy ${policies[setup.balance ?? 'round-robin']}
      ${headers}
      ${idleTimeoutS === undefined ? '' : `transport http {\n        read_timeout ${idleTimeoutS}s\n      }`}
    }
  }`;
}
