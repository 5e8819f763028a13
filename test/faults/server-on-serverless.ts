import { localNames } from '../browser/local-names.js';
import { scattered, startBalancer } from './_kit/balancer.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant } from './_kit/fault.js';
import { corsHeaders } from './_kit/http-server.js';
import { withFetch } from './_kit/other-transports.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy, type UpgradeTreatment } from './_kit/reverse-proxy.js';
import { startSocketIo } from './_kit/socketio-server.js';

type Client = '2' | '3' | '4.0' | '4';

/** A name or a header tells the platform, not what it can do today. */
const suspected = (platform: string): Expectation => ({ certainty: 'suspected', details: { platform } });

/** Each request may meet another instance, and what answers signs with the headers of its platform. */
function instances(
  platform: string,
  signature: Readonly<Record<string, string>>,
  options: object = {},
  client: Client = '4',
): FaultVariant {
  return {
    expect: { node: suspected(platform), 'chromium-same': suspected(platform) },
    places: ['node', 'chromium-same'],
    start: async () => {
      const functions = await startBalancer({ nodes: 8, pick: scattered, options: { allowEIO3: true } });
      const edge = await startReverseProxy({
        target: functions.port,
        upgrade: { status: 400 },
        intercept: (_request, response) => {
          for (const [name, value] of Object.entries(signature)) response.setHeader(name, value);
          return false;
        },
      });
      return {
        url: edge.url,
        options: { ...quickRetries, ...options },
        client,
        close: closeAll(edge, functions),
      };
    },
  };
}

/** One instance that happens to stay, and an edge that passes no WebSocket on. */
function withoutUpgrade(upgrade: UpgradeTreatment, options: object = {}): FaultVariant {
  return {
    expect: { node: suspected('netlify') },
    places: ['node'],
    start: async () => {
      const server = await startSocketIo();
      const edge = await startReverseProxy({
        target: server.port,
        upgrade,
        intercept: (_request, response) => {
          response.setHeader('x-nf-request-id', '01J');
          return false;
        },
      });
      return { url: edge.url, options: { ...quickRetries, ...options }, close: closeAll(edge, server) };
    },
  };
}

/** A page of another origin reads no headers, but knows the name that it calls. */
function byName(host: string, platform: string): FaultVariant {
  return {
    expect: { chromium: suspected(platform) },
    places: ['chromium'],
    // In WebKit the names lead nowhere.
    engines: ['chromium', 'firefox'],
    start: async () => {
      const functions = await startBalancer({ nodes: 8, pick: scattered });
      const edge = await startReverseProxy({ target: functions.port, upgrade: { status: 400 } });
      return { url: `http://${host}:${edge.port}`, options: quickRetries, close: closeAll(edge, functions) };
    },
  };
}

export const fault: Fault = {
  code: 'server-on-serverless',
  places: ['node', 'chromium'],
  variants: {
    vercel: instances('vercel', { 'x-vercel-id': 'fra1::abcde-1700000000000-0123456789ab', server: 'Vercel' }),
    'lambda-polling': instances('aws-lambda', { 'apigw-requestid': 'JKJaXmPLvHcESHA=' }, { transports: ['polling'] }),
    'netlify-client-3': instances('netlify', { 'x-nf-request-id': '01J', server: 'Netlify' }, {}, '3'),
    'vercel-fetch': withFetch(instances('vercel', { 'x-vercel-id': 'fra1::abcde' })),
    'vercel-client-2': instances('vercel', { 'x-vercel-id': 'fra1::abcde' }, {}, '2'),
    'no-upgrade': withoutUpgrade({ status: 404 }),
    'websocket-only': withoutUpgrade({ status: 400 }, { transports: ['websocket'] }),
    'host-of-api-gateway': byName(localNames.apiGateway, 'aws-lambda'),
    'host-of-cloud-functions': byName(localNames.cloudFunctions, 'google-cloud-functions'),
    // Only the app is deployed, not its server: the path of Socket.IO is one more page that does not exist.
    'route-missing': {
      expect: { node: { certainty: 'suspected' } },
      places: ['node'],
      start: async () => {
        const edge = await startReverseProxy({
          target: 0,
          upgrade: { status: 404 },
          intercept: (request, response) => {
            response
              .writeHead(404, { ...corsHeaders(request), 'content-type': 'text/html', 'x-vercel-id': 'fra1::abcde' })
              .end('<!doctype html><h1>404</h1>');
            return true;
          },
        });
        return { url: edge.url, options: quickRetries, close: edge.close };
      },
    },
  },
};
