import { runtime } from './changes.js';
import { type Variation, vary } from './variation.js';

const worker = runtime({ serviceWorker: true });

/** The same failures in a page with a service worker, measured in Chromium with workers that answer and give up by themselves. */
export const serviceWorkerVariations: readonly Variation[] = [
  ...vary('gateway-failing.timeout-504.chromium-same', 'unsure', [['a service worker may have said so', worker]]),
  ...vary(
    'gateway-failing.timeout-504.chromium-same',
    'told',
    [['a service worker may have said so', worker]],
    'server-unreachable',
  ),
  ...vary(
    'gateway-failing.timeout-504.chromium-same',
    'silent',
    [['the page has no service worker', runtime({})]],
    'server-unreachable',
  ),
  ...vary(
    'server-not-socketio.app-page.chromium-same',
    'told',
    [['a service worker may have said so', worker]],
    'response-cached',
  ),
  ...vary(
    'server-not-socketio.app-page.chromium-same',
    'silent',
    [['the page has no service worker', runtime({})]],
    'response-cached',
  ),
  ...vary(
    'version-client-too-old.2-on-4.chromium-same',
    'silent',
    [['the server was heard', worker]],
    'response-cached',
  ),
  ...vary(
    'proxy-idle-timeout.nginx-polling.chromium-same',
    'told',
    [['a service worker may end long polls', worker]],
    'response-cached',
  ),
  ...vary(
    'proxy-idle-timeout.nginx-websocket.chromium-same',
    'silent',
    [['a service worker sees no WebSocket', worker]],
    'response-cached',
  ),
];
