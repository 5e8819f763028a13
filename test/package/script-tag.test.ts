import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { Server } from 'socket.io';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../browser/launch-chromium.js';

const installed = join(inject('project'), 'node_modules/socket.io-diagnostics');
const { unpkg, jsdelivr } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

/** As a page would load both from a CDN, with the strictest policy that still allows its own scripts. */
const page = `<!doctype html><title>page</title>
<script src="/socket.io.js"></script>
<script src="/socket.io-diagnostics.js"></script>`;

let server: HttpServer;
let sockets: Server;
let browser: Browser;
let origin: string;

const clients = { '4.8': 'socket.io-client/dist/socket.io.min.js', '2.5': 'socket.io-client-2/dist/socket.io.js' };
let client: keyof typeof clients = '4.8';

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/') {
      response.setHeader('content-security-policy', "default-src 'self'");
      response.setHeader('content-type', 'text/html');
      response.end(page);
    } else if (request.url === '/socket.io.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(resolve('node_modules', clients[client])));
    } else if (request.url === '/socket.io-diagnostics.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(installed, unpkg)));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  sockets = new Server(server, { allowEIO3: true });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await sockets?.close();
});

describe('the script for pages without a bundler', () => {
  it('is the same file for both CDNs', () => {
    expect(jsdelivr).toBe(unpkg);
  });

  it.each(Object.keys(clients) as (keyof typeof clients)[])('works beside socket.io.js %s', async (version) => {
    client = version;
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(origin);

    const names = await tab.evaluate<string[]>('Object.keys(window)');
    expect(names.filter((name) => /diagnos/i.test(name))).toEqual(['SocketIODiagnostics']);

    const healthy = await tab.evaluate(`(async () => {
      const socket = SocketIODiagnostics.withDiagnostics(io({ forceNew: true }));
      await new Promise((connected) => socket.on('connect', connected));
      const { current } = socket.diagnostics;
      socket.disconnect();
      return { current };
    })()`);
    expect(healthy).toEqual({ current: undefined });

    const answer = await tab.evaluate(`(async () => {
      const socket = io({ path: '/elsewhere', forceNew: true, reconnectionDelay: 100 });
      const diagnosis = await new Promise((found) => {
        const onDiagnosis = ({ diagnosis, incident }) => incident.settled && found(diagnosis);
        SocketIODiagnostics.withDiagnostics(socket, { onDiagnosis });
      });
      socket.disconnect();
      return { code: diagnosis.code, remedy: SocketIODiagnostics.explain(diagnosis).remedy };
    })()`);
    expect(answer).toEqual({ code: 'path-mismatch', remedy: expect.any(String) });
    expect(errors).toEqual([]);
    await tab.close();
  });
});
