import type { Certificate } from './certificate.js';
import type { Listening } from './listen.js';
import { startProgram } from './program.js';
import { type Balance, type ProxySetup, targetsOf } from './proxy-setup.js';

/** The lines that let WebSocket through; a location without them is the classic mistake. */
export const upgradeHeaders = `
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";`;

/** The body of a `server` block that forwards everything to a port of this machine. */
export function proxyPass(port: number, lines = upgradeHeaders): string {
  return `location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_set_header Host $host;${lines}
    }`;
}

/**
 * A real nginx, unprivileged: either with one `server` block whose body is given, plus lines next to that block, or in front of the given
 * servers.
 */
export function startNginx(setup: string | ProxySetup, beside = ''): Promise<Listening> {
  return typeof setup === 'string'
    ? start(setup, undefined, beside)
    : start(serverBody(setup), setup.certificate, upstream(setup));
}

function start(body: string, certificate?: Certificate, around = ''): Promise<Listening> {
  // If root started it, the workers would become nobody, who may not enter the folder.
  const asRoot = process.getuid?.() === 0 ? 'user root;\n' : '';
  return startProgram({
    command: 'nginx',
    env: 'NGINX',
    scheme: certificate ? 'https' : 'http',
    args: (folder) => ['-p', folder, '-e', 'stderr', '-c', `${folder}/nginx.conf`],
    ready: /start worker process/,
    files: ({ port, folder }) => ({
      'nginx.conf': `daemon off;
worker_processes 1;
${asRoot}pid ${folder}/pid;
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${around}
  server {
    listen 127.0.0.1:${port}${certificate ? ' ssl' : ''};
    ${certificate ? `ssl_certificate ${folder}/cert.pem;\n    ssl_certificate_key ${folder}/key.pem;` : ''}
    ${body}
  }
}
`,
      ...(certificate ? { 'cert.pem': certificate.cert, 'key.pem': certificate.key } : {}),
    }),
  });
}

function serverBody(setup: ProxySetup): string {
  const { redirect, from = '/', to = from, websocket = true, idleTimeoutS, maxBodyBytes, lines = '' } = setup;
  if (redirect) return `return ${redirect.status} ${redirect.origin}$request_uri;`;
  return `${lines}
    ${maxBodyBytes === undefined ? '' : `client_max_body_size ${maxBodyBytes};`}
    location ${from} {
      proxy_pass http://nodes${to === from ? '' : to};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;${websocket ? upgradeHeaders : ''}
      ${idleTimeoutS === undefined ? '' : `proxy_read_timeout ${idleTimeoutS}s;`}
    }
    ${from === '/' ? '' : 'location / { return 404; }'}`;
}

/** The free nginx has no stickiness by cookie. */
const methods: Readonly<Partial<Record<Balance, string>>> = {
  'round-robin': '',
  random: 'random;',
  'least-conn': 'least_conn;',
  'ip-hash': 'ip_hash;',
};

function upstream(setup: ProxySetup): string {
  const method = methods[setup.balance ?? 'round-robin'];
  if (method === undefined) throw new RangeError(`nginx cannot balance by ${setup.balance}`);
  const servers = targetsOf(setup).map((port) => `server 127.0.0.1:${port};`);
  return `upstream nodes { ${method} ${servers.join(' ')} }`;
}
