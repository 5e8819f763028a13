import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { makeCertificate } from './_kit/certificate.js';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { freePort } from './_kit/free-port.js';
import { corsHeaders, startHttp } from './_kit/http-server.js';
import { startHttps } from './_kit/https-server.js';
import { listen } from './_kit/listen.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

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

/** A router in front sends a path to another one of the same host, upgrades included. */
function movedFor302(client: ClientVersion): FaultVariant {
  return {
    // The client waits for its POST and does not upgrade meanwhile; both look like something of their own.
    expect: { node: { also: ['websocket-blocked', 'namespace-not-answering'], details: { status: 302 } } },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startReverseProxy({
        target: server.port,
        rewrite: (path) => path.replace(/^\/moved/, ''),
        intercept: ({ url = '/', headers }, response) => {
          if (url.startsWith('/moved')) return false;
          response.writeHead(302, { location: `http://${headers.host}/moved${url}` }).end();
          return true;
        },
      });
      return { url: proxy.url, client, options: quickRetries, close: closeAll(proxy, server) };
    },
  };
}

/** Everything is sent to a page for the login, which answers with a status of its own. */
function answerAsLogin(status: number, request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith('/login')) {
    response.writeHead(status, { ...corsHeaders(request), 'content-type': 'text/html' }).end('<!doctype html>Log in');
  } else {
    const location = `http://${request.headers.host}/login`;
    response.writeHead(302, { ...corsHeaders(request), location }).end();
  }
}

async function loginPage(status: number): Promise<RunningFault> {
  const { url, close } = await startHttp((request, response) => answerAsLogin(status, request, response));
  return { url, options: quickRetries, close };
}

export const fault: Fault = {
  code: 'request-redirected',
  places: ['node'],
  variants: {
    'login-302': to((port) => `http://127.0.0.1:${port}/login`, 302),
    'login-relative-302': to(() => '/login', 302),
    'moved-301': to((port) => `http://127.0.0.1:${port}/socket.io/`, 301),
    'permanent-308': to((port) => `https://127.0.0.1:${port}/socket.io/`, 308),
    'moved-301-living': {
      places: ['node', 'chromium'],
      expect: {
        chromium: hidden,
        // It follows the redirect of a WebSocket, too, and finds the server: to the page the answers over HTTP lack CORS headers, and so
        // they do (WebKitGTK 2.50; WebKit's network process for Safari hands such redirects on as well).
        webkit: { within: 'cors-origin-not-allowed' },
      },
      start: async () => {
        const server = await startSocketIo();
        const old = await startHttp((request, response) => {
          response.writeHead(301, { location: `${server.url}${request.url}` }).end();
        });
        return { url: old.url, options: quickRetries, close: closeAll(old, server) };
      },
    },
    // The page follows it, and its POST requests arrive as GET.
    'moved-301-followed': {
      places: ['chromium'],
      start: async () => {
        const server = await startSocketIo({ options: { cors: { origin: '*' } } });
        const old = await startHttp((request, response) => {
          const headers = { 'access-control-allow-origin': '*', location: `${server.url}${request.url}` };
          response.writeHead(301, headers).end();
        });
        return { url: old.url, options: quickRetries, close: closeAll(old, server) };
      },
    },
    // These servers have another status for it, and this client shows no body.
    'moved-301-followed-server-3': {
      places: ['chromium'],
      expect: { chromium: { alternatives: ['server-error-response'] } },
      start: async () => {
        const server = await startSocketIo({ version: '3', options: { cors: { origin: '*' } } });
        const old = await startHttp((request, response) => {
          const headers = { 'access-control-allow-origin': '*', location: `${server.url}${request.url}` };
          response.writeHead(301, headers).end();
        });
        return { url: old.url, client: '3', options: quickRetries, close: closeAll(old, server) };
      },
    },
    // Node follows these, and its POST requests never end.
    'moved-302-followed': movedFor302('4'),
    'moved-302-followed-client-3': movedFor302('3'),
    // Here they stay what they are, so that only the upgrade fails.
    'moved-307-followed': {
      places: ['chromium'],
      engines: ['chromium', 'firefox'],
      expect: { chromium: { certainty: 'suspected' } },
      start: async () => {
        const server = await startSocketIo({ options: { cors: { origin: '*' } } });
        const old = await startHttp((request, response) => {
          const headers = { 'access-control-allow-origin': '*', location: `${server.url}${request.url}` };
          response.writeHead(307, headers).end();
        });
        return { url: old.url, options: quickRetries, close: closeAll(old, server) };
      },
    },
    // The policy of the page forbids what the redirect leads to, and the browser reports the address of the socket.
    'login-302-under-policy': {
      places: ['chromium'],
      start: async () => {
        const login = await startHttp({ body: 'Sign in' });
        const { url, close, port } = await startHttp((request, response) => {
          const headers = { ...corsHeaders(request), location: `http://localhost:${login.port}/login` };
          response.writeHead(302, headers).end();
        });
        const policy = `script-src 'unsafe-inline' 'unsafe-eval'; connect-src ${url} ws://127.0.0.1:${port}`;
        return {
          url,
          options: quickRetries,
          pageHeaders: { 'content-security-policy': policy },
          close: closeAll({ close }, login),
        };
      },
    },
    // A gateway or a network sends to its page for the login, elsewhere: the page's own requests end there, too.
    'login-302-page': {
      places: ['node', 'chromium', 'chromium-same'],
      // Who is logged in may be let through to the page that answered.
      expect: { node: { certaintyWithOwn: 'suspected' }, chromium: hidden },
      start: async () => {
        const login = await startHttp({
          body: '<!doctype html><title>Log in</title>',
          headers: { 'content-type': 'text/html' },
        });
        const { url, close } = await startHttp({ status: 302, headers: { location: `${login.url}/login` } });
        return { url, options: quickRetries, close: closeAll({ close }, login) };
      },
    },
    // The page for the login itself says that nobody has logged in.
    'login-302-with-401': {
      places: ['node', 'chromium', 'chromium-same'],
      // Who is logged in may be let through; a page sees by itself where it was led.
      expect: { node: { certaintyWithOwn: 'suspected' } },
      start: () => loginPage(401),
    },
    'login-302-with-403-client-3': {
      places: ['node', 'chromium-same'],
      expect: { node: { certaintyWithOwn: 'suspected' } },
      start: async () => ({ ...(await loginPage(403)), client: '3' }),
    },
    // A session goes on until the login has run out.
    'login-302-after-a-while': {
      places: ['chromium'],
      start: async () => {
        const server = await startSocketIo({ options: { cors: { origin: true }, pingInterval: 300 } });
        let isOver = false;
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (request, response) => {
            if (isOver) answerAsLogin(403, request, response);
            return isOver;
          },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, transports: ['polling'] },
          trigger: async () => {
            isOver = true;
          },
          enough: ({ failedAttempts }) => failedAttempts > 1,
          close: closeAll(proxy, server),
        };
      },
    },
    // Node follows it, and does not trust what it comes to.
    'login-302-untrusted': {
      expect: { node: { details: { status: 302 } } },
      start: async () => {
        const issuer = makeCertificate({ authority: true });
        const login = await startHttps(makeCertificate());
        const https = createServer(makeCertificate({ issuer }), (_request, response) => {
          response.writeHead(302, { location: `${login.url}/login` }).end();
        });
        const { url, close } = await listen(https as never);
        const options = { ...quickRetries, ca: issuer.cert };
        return { url: url.replace('http:', 'https:'), options, close: closeAll({ close }, login) };
      },
    },
    'slash-301': {
      start: async () => {
        const server = await startSocketIo({ options: { addTrailingSlash: false } });
        const proxy = await startReverseProxy({
          target: server.port,
          upgrade: { status: 301 },
          intercept: (request, response) => {
            const [path, query] = request.url?.split('?') ?? [];
            if (!path?.endsWith('/')) return false;
            response.writeHead(301, { location: `${path.slice(0, -1)}?${query}` }).end();
            return true;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    // Next.js does so. A page of another origin sees only that the server answers without the slash.
    'slash-308-hidden': {
      places: ['chromium'],
      expect: { chromium: { within: 'path-mismatch' } },
      start: async () => {
        const server = await startSocketIo({ options: { addTrailingSlash: false } });
        const withSlash = /^([^?]*)\/\?/;
        const proxy = await startReverseProxy({
          target: server.port,
          rewrite: (path) => (withSlash.test(path) ? undefined : path),
          intercept: ({ url = '/' }, response) => {
            if (!withSlash.test(url)) return false;
            response.writeHead(308, { location: url.replace(withSlash, '$1?') }).end();
            return true;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    // What is not GET goes elsewhere, as a login does that protects forms.
    'post-moved-301': {
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method, url }, response) => {
            if (method !== 'POST') return false;
            response.writeHead(301, { location: `/login?next=${url}` }).end();
            return true;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    // A gateway lets handshakes pass and sends polls to a page for the login, of which the server there knows nothing.
    'poll-to-login-404': {
      places: ['node', 'chromium-same'],
      expect: { node: hidden },
      start: async () => {
        const server = await startSocketIo();
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: ({ method, url = '', headers }, response) => {
            if (url.startsWith('/login')) {
              response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>Not found</title>');
            } else if (method === 'GET' && url.includes('sid=')) {
              response.writeHead(302, { location: `http://${headers.host}/login` }).end();
            } else return false;
            return true;
          },
        });
        return { url: proxy.url, options: quickRetries, close: closeAll(proxy, server) };
      },
    },
    // A connection that was fine is cut, and from then on all is sent to where nobody listens.
    'nowhere-after-a-cut': {
      places: ['node'],
      expect: { node: { also: ['connection-cut'] } },
      start: async () => {
        const server = await startSocketIo();
        const location = `http://127.0.0.1:${await freePort()}/login`;
        let isSent = false;
        const proxy = await startReverseProxy({
          target: server.port,
          intercept: (_request, response) => {
            if (isSent) response.writeHead(302, { location }).end();
            return isSent;
          },
        });
        return {
          url: proxy.url,
          options: { ...quickRetries, transports: ['polling'] },
          trigger: async () => {
            isSent = true;
            await server.close();
          },
          enough: ({ failedAttempts }) => failedAttempts > 1,
          close: proxy.close,
        };
      },
    },
    'websocket-only': {
      start: async () => {
        const { url, close } = await startHttp({ status: 301, headers: { location: 'https://127.0.0.1/socket.io/' } });
        return { url, options: { ...quickRetries, transports: ['websocket'] }, close };
      },
    },
  },
};
