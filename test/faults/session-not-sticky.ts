import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Incident } from '../../src/incidents/incident.js';
import { type Pick, roundRobin, scattered, startBalancer, stickyButUpgrades } from './_kit/balancer.js';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Expectation, Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { startForeignServer, words } from './_kit/foreign-server.js';
import { type PlainAnswer, startHttp } from './_kit/http-server.js';
import type { Listening } from './_kit/listen.js';
import { proxyPass, startNginx, upgradeHeaders } from './_kit/nginx.js';
import { withFetch } from './_kit/other-transports.js';
import type { Balance, ProxyName } from './_kit/proxy-setup.js';
import { startPython } from './_kit/python-server.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startReverseProxy } from './_kit/reverse-proxy.js';
import { type SocketIoSetup, startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

/** A service that picks up the servers of another app as well: what follows the handshake reaches its page. */
function otherAppBehind(status: number): FaultVariant {
  const best: Expectation = { certainty: 'suspected', best: true };
  return {
    places: ['node', 'chromium-same'],
    expect: { node: best, 'chromium-same': best },
    start: async () => {
      const server = await startSocketIo();
      const headers = { 'content-type': 'text/html' };
      const app = await startHttp({ status, body: '<!doctype html><title>App</title>', headers });
      const target = ({ url = '' }: IncomingMessage) => (url.includes('sid=') ? app : server).port;
      const proxy = await startReverseProxy({ target });
      return { url: proxy.url, options: quickRetries, close: closeAll(proxy, app, server) };
    },
  };
}

function variant(nodes: number, pick: Pick, options: Record<string, unknown>): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startBalancer({ nodes, pick });
      return { url, options, close };
    },
  };
}

const all = {
  node: { details: { scope: 'all' } },
  chromium: { details: { scope: 'all' } },
};
const either: Expectation = {
  certainty: 'suspected',
  alternatives: ['websocket-handled-twice'],
  details: { scope: 'upgrade' },
};
const upgrade = { node: either, chromium: either };

const isCertain = ({ diagnosis }: Incident) => diagnosis.certainty === 'confirmed';
const notSent = { details: { scope: 'all', cookie: 'not-sent' } };

/** Real balancers; chance decides when the second session is lost. */
function proxied(name: ProxyName, balance: Balance, nodes: number, client: '1' | '2' | '4'): FaultVariant {
  return {
    start: async () => {
      const servers = await Promise.all(Array.from({ length: nodes }, () => startSocketIo({ version: client })));
      const proxy = await startProxy(name, { target: servers.map(({ port }) => port), balance });
      const options = { ...quickRetries, transports: ['polling'] };
      return { url: proxy.url, client, options, enough: isCertain, close: closeAll(proxy, ...servers) };
    },
  };
}

/** Nodes of another server, none of which knows the session of the others. */
function foreign(session: PlainAnswer, expect: Expectation, client: ClientVersion = '4'): FaultVariant {
  return {
    expect: { node: expect, chromium: expect },
    start: async () => {
      const { url, close } = await startForeignServer({ session });
      const isSeenTwice: RunningFault['enough'] = ({ timeline }) =>
        timeline.signals.filter(({ kind }) => kind === 'handshake').length >= 2;
      return { url, client, options: quickRetries, enough: isSeenTwice, close };
    },
  };
}

export const fault: Fault = {
  code: 'session-not-sticky',
  places: ['node', 'chromium'],
  variants: {
    // Nobody gets in without the query of the app, and the questions of the SDK have none.
    'upgrade-elsewhere-with-token': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', alternatives: ['websocket-blocked'] } },
      start: async () => {
        const allowRequest = ({ url = '' }, done: (error: null, isAllowed: boolean) => void) =>
          done(null, url.includes('token='));
        const options = { allowRequest };
        const { url, close } = await startBalancer({ nodes: 2, pick: stickyButUpgrades, options });
        return { url, options: { ...quickRetries, query: { token: 'abc' } }, close };
      },
    },
    'other-app-behind': otherAppBehind(200),
    'other-app-behind-404': { ...otherAppBehind(404), places: ['node'] },
    'two-round-robin': { ...variant(2, roundRobin, {}), places: ['node', 'chromium', 'chromium-same'], expect: all },
    'two-round-robin-polling': { ...variant(2, roundRobin, { ...quickRetries, transports: ['polling'] }), expect: all },
    'three-scattered': {
      expect: all,
      start: async () => ({
        ...(await variant(3, scattered, quickRetries).start()),
        // One lost session is a suspicion; chance decides when the second one comes.
        enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed',
      }),
    },
    'four-round-robin': { ...variant(4, roundRobin, quickRetries), expect: all },
    'four-scattered-client-4.5': {
      expect: all,
      start: async () => ({
        ...(await variant(4, scattered, quickRetries).start()),
        client: '4.5',
        enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed',
      }),
    },
    'apache-round-robin': { ...proxied('apache', 'round-robin', 2, '4'), expect: all },
    // Sticky by a cookie that a client does not send to another origin unless it is told to.
    'haproxy-cookie-not-sent': {
      ...proxied('haproxy', 'cookie', 2, '4'),
      expect: { node: notSent, chromium: notSent },
    },
    'nginx-random': { ...proxied('nginx', 'random', 4, '4'), expect: all },
    // Engine.IO 3 connects by the handshake alone, so every session seems to have been fine for a moment.
    'caddy-round-robin-client-2': { ...proxied('caddy', 'round-robin', 2, '2'), expect: all },
    'haproxy-least-conn-client-1': { ...proxied('haproxy', 'least-conn', 2, '1'), places: ['node'], expect: all },
    'two-round-robin-fetch': { ...withFetch(variant(2, roundRobin, quickRetries)), expect: all },
    'python-nodes': foreign(words.pythonSession, {}),
    'python-nodes-client-4.0': { ...foreign(words.pythonSession, {}, '4.0'), places: ['node'] },
    'rust-nodes': foreign(words.rustSession, {}),
    // Words that could be anybody's.
    'go-nodes': foreign(words.goSession, { certainty: 'suspected' }),
    'old-python-nodes': foreign(words.pythonPlain, { certainty: 'suspected' }),
    // nginx adds the CORS headers, to good answers only: the page cannot read the others.
    'cors-of-good-answers': {
      places: ['chromium'],
      expect: { chromium: { certainty: 'suspected', alternatives: ['request-forbidden'] } },
      start: async () => {
        // Three: with two, requests that come in between can keep the turns even for a while.
        const balancer = await startBalancer({ nodes: 3, pick: roundRobin, options: { cors: undefined } });
        const lines = `${upgradeHeaders}\n      add_header Access-Control-Allow-Origin $http_origin;`;
        const nginx = await startNginx(proxyPass(balancer.port, lines));
        return { url: nginx.url, options: quickRetries, close: closeAll(nginx, balancer) };
      },
    },
    // Ids as servers in other languages make them (32 hexadecimal digits: python-engineio before 3.0), which could as well be a mask.
    'ids-of-others': {
      expect: all,
      start: async () => {
        const setup: SocketIoSetup['setup'] = (io) => {
          Object.assign(io.engine, { generateId: () => randomUUID().replaceAll('-', '') });
        };
        const { url, close } = await startBalancer({ nodes: 2, pick: roundRobin, setup });
        // Busy, a request of the SDK and one of the client may change places, so that one round does not tell.
        return { url, options: { ...quickRetries, transports: ['polling'] }, enough: isCertain, close };
      },
    },
    'upgrade-elsewhere': { ...variant(2, stickyButUpgrades, {}), expect: upgrade },
    'two-python-round-robin': {
      expect: all,
      start: async () => {
        const servers = await Promise.all([startPython(), startPython()]);
        let turn = 0;
        const proxy = await startReverseProxy({ target: () => (servers[turn++ % 2] as Listening).port });
        return {
          url: proxy.url,
          options: quickRetries,
          // As with the others, one lost session is a suspicion.
          enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed',
          close: closeAll(proxy, ...servers),
        };
      },
    },
  },
};
