import type { Listening } from './listen.js';
import { startProgram } from './program.js';
import { type ProxySetup, targetsOf } from './proxy-setup.js';

const methods = {
  'round-robin': 'roundrobin',
  random: 'random(1)',
  'least-conn': 'leastconn',
  'ip-hash': 'source',
  cookie: 'roundrobin',
} as const;

/** A real HAProxy, unprivileged, in front of the given servers. */
export function startHaproxy(setup: ProxySetup): Promise<Listening> {
  const { certificate } = setup;
  return startProgram({
    command: 'haproxy',
    env: 'HAPROXY',
    scheme: certificate ? 'https' : 'http',
    // As a master with one worker, it says when the worker is listening.
    args: (folder) => ['-W', '-f', `${folder}/haproxy.cfg`],
    ready: /Loading success/,
    files: ({ port, folder }) => ({
      'haproxy.cfg': `
global
  maxconn 256
  hard-stop-after 100ms
defaults
  mode http
  timeout connect 5s
  retries 1
  timeout client ${setup.idleTimeoutS ?? 60}s
  timeout server ${setup.idleTimeoutS ?? 60}s
  ${setup.idleTimeoutS === undefined ? 'timeout tunnel 1h' : ''}
frontend entry
  bind 127.0.0.1:${port}${certificate ? ` ssl crt ${folder}/both.pem` : ''}
${frontend(setup)}
backend nodes
${backend(setup)}
`,
      ...(certificate ? { 'both.pem': certificate.cert + certificate.key } : {}),
    }),
  });
}

function frontend({ redirect, from = '/', to = from, websocket = true, maxBodyBytes, lines = '' }: ProxySetup): string {
  if (maxBodyBytes !== undefined) throw new RangeError('HAProxy has no limit for bodies');
  if (redirect) return `  http-request redirect prefix ${redirect.origin} code ${redirect.status}`;
  return `${lines}
  ${websocket ? '' : '# HAProxy passes upgrades on by itself; taking the header away is what an older hop in front does.\n  http-request del-header Upgrade'}
  http-request return status 404 content-type text/plain string "no such route" unless { path_beg ${from} }
  ${to === from ? '' : `http-request replace-path ^${from}(.*) ${to}\\1`}
  default_backend nodes`;
}

function backend(setup: ProxySetup): string {
  const { balance = 'round-robin' } = setup;
  const isCookie = balance === 'cookie';
  const servers = targetsOf(setup).map(
    (port, at) => `  server node${at} 127.0.0.1:${port}${isCookie ? ` cookie node${at}` : ''}`,
  );
  return `  balance ${methods[balance]}
  ${isCookie ? 'cookie SERVERID insert indirect nocache' : ''}
${servers.join('\n')}`;
}
