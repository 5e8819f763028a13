import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import type { Listening } from './listen.js';

/** The lines that let WebSocket through; a location without them is the classic mistake. */
export const upgradeHeaders = `
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";`;

/** The body of a `server` block that passes everything to a port of this machine. */
export function proxyPass(port: number, lines = upgradeHeaders): string {
  return `location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_set_header Host $host;${lines}
    }`;
}

/** A real nginx, unprivileged, with one `server` block of which the body is given. */
export async function startNginx(serverBody: string): Promise<Listening> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  const config = join(folder, 'nginx.conf');
  // Started by root, the workers would become nobody, who may not enter the folder.
  const asRoot = process.getuid?.() === 0 ? 'user root;\n' : '';
  await writeFile(
    config,
    `daemon off;
worker_processes 1;
${asRoot}pid ${folder}/pid;
error_log stderr crit;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    ${serverBody}
  }
}
`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  nginx.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const gone = once(nginx, 'exit');
  while (!(await accepts(port))) {
    if (nginx.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
    await sleep(20);
  }
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      nginx.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
