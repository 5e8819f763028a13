import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listening, listen } from '../../../test/faults/_kit/listen.js';
import { faultGroups } from './demo-fault.js';
import { demoFaults } from './demo-faults.js';
import { createFaultRuns } from './fault-runs.js';
import { readPageFiles } from './page-files.js';

export interface DemoOptions {
  readonly port: number;
  /** Where the page sends its records. */
  readonly recordsUrl: string;
  readonly dashboardUrl: string;
}

/**
 * The faults listen on ports of their own, on other origins than the page. `https:` and `wss:` are allowed because the SDK probes
 * whether the other scheme works: if the policy of the page forbade that, it would show up among the facts.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:* https://127.0.0.1:* wss://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The server of the page; the faults it starts are closed with it. */
export async function startDemo({ port, recordsUrl, dashboardUrl }: DemoOptions): Promise<Listening> {
  const files = readPageFiles();
  const runs = createFaultRuns();
  const setup = JSON.stringify({
    recordsUrl,
    dashboardUrl,
    groups: faultGroups.map((group) => ({
      title: group,
      faults: demoFaults
        .filter((fault) => fault.group === group)
        .map(({ name, title, broken }) => ({ name, title, broken })),
    })),
  });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    if (isFromElsewhere(request)) {
      response.writeHead(403).end();
      return;
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const [, id] = /^\/runs\/([\w-]+)\/break$/.exec(path) ?? [];
    const [, name] = /^\/runs\/([\w-]+)$/.exec(path) ?? [];
    const file = files.get(path === '/' ? '/index.html' : path);
    if (request.method === 'POST' && id !== undefined) {
      response.writeHead(runs.breakIt(id) ? 204 : 404).end();
    } else if (request.method !== 'GET') {
      response.writeHead(405).end();
    } else if (name !== undefined) {
      await runs.open(name, response);
    } else if (path === '/setup.json') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(setup);
    } else if (file) {
      response.writeHead(200, {
        'content-type': file.type,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cache-control': 'no-store',
      });
      response.end(file.body);
    } else {
      response.writeHead(404).end();
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const listening = await listen(server, port);
  return {
    ...listening,
    close: async () => {
      await runs.closeAll();
      await listening.close();
    },
  };
}

/** Another site's page must not start servers here, under whatever name it finds this one. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  const isNavigation = headers['sec-fetch-mode'] === 'navigate';
  const host = headers.host?.replace(/:\d+$/, '');
  return (
    (host !== '127.0.0.1' && host !== 'localhost') || (!isNavigation && site !== undefined && site !== 'same-origin')
  );
}
