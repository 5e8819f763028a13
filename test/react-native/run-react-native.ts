import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import type { HarnessPage } from '../browser/harness-page.js';
import { browserBundle, type ClientVersion } from '../faults/_kit/client-version.js';
import type { ClientEvent, ClientScript } from '../faults/_kit/drive-client.js';
import type { RunningClient } from '../faults/_kit/run-node.js';
import type { Platform } from './platform-words.js';
import { webSocket } from './web-socket.js';
import { xmlHttpRequest } from './xml-http-request.js';

let bundled: Promise<string> | undefined;

/**
 * Runs the client's browser build and the SDK's in a context of its own with the globals that React Native has. It is a stand-in: no
 * phone, no Hermes; what the platform says of a failure is put into the words of Android or iOS.
 */
export async function runReactNative(
  script: ClientScript,
  version: ClientVersion,
  platform: Platform,
  report: (event: ClientEvent) => void,
): Promise<RunningClient> {
  const XMLHttpRequest = xmlHttpRequest(platform);
  const nothing = async (): Promise<never> => {
    throw new Error('a phone has no page');
  };
  const globals: Record<string, unknown> = {
    navigator: { product: 'ReactNative' },
    XMLHttpRequest,
    WebSocket: webSocket(platform),
    fetch: fetchBy(XMLHttpRequest),
    report: async (event: ClientEvent) => report(event),
    AbortController,
    URL,
    TextEncoder,
    TextDecoder,
    ArrayBuffer,
    Uint8Array,
    console,
    performance,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    queueMicrotask,
  };
  globals.window = globals;
  globals.self = globals;
  globals.global = globals;
  const context = createContext(globals);
  runInContext(await readFile(browserBundle(version), 'utf8'), context);
  runInContext(await pageScript(), context);
  const page = globals as unknown as HarnessPage;
  page.startClient(script);
  return {
    control: {
      setOffline: nothing,
      allowLocalNetwork: nothing,
      reload: nothing,
      navigateAway: nothing,
      goBack: nothing,
      freeze: nothing,
      changeNetwork: nothing,
    },
    stop: async () => page.stopClient(),
  };
}

/** React Native's fetch stands on its XMLHttpRequest and says of every failure the same. */
function fetchBy(Request: ReturnType<typeof xmlHttpRequest>) {
  return (url: string, { method = 'GET', body, signal }: { method?: string; body?: string; signal?: AbortSignal }) =>
    new Promise((resolve, reject) => {
      const request = new Request();
      request.onload = () => {
        const headers = { get: (name: string) => request.getResponseHeader(name) };
        resolve({ type: 'default', status: request.status, headers, text: async () => request.responseText });
      };
      request.onerror = () => reject(new TypeError('Network request failed'));
      signal?.addEventListener('abort', () => request.abort());
      request.open(method, url);
      request.send(body);
    });
}

/** What the condition `react-native` does in an app. */
const entryOfReactNative: Plugin = {
  name: 'entry-of-react-native',
  setup(bundling) {
    const path = fileURLToPath(new URL('../../src/index.native.ts', import.meta.url));
    bundling.onResolve({ filter: /^(\.\.\/)+src\/index\.js$/ }, () => ({ path }));
  },
};

function pageScript(): Promise<string> {
  bundled ??= build({
    entryPoints: [fileURLToPath(new URL('../browser/harness-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    plugins: [entryOfReactNative],
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundled;
}
