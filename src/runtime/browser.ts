import { browserPage } from './browser-page.js';
import { browserPost } from './browser-post.js';
import { browserStorage } from './browser-storage.js';
import { isDevelopment, warn } from './console.js';
import { globals } from './globals.js';
import { gzip } from './gzip.js';
import { lacksGlobal } from './lacks-global.js';
import { networkInformation } from './network-information.js';
import { originalGlobal } from './original-global.js';
import type { Runtime, TextStorage } from './runtime.js';
import { timeOrderedUuid } from './time-ordered-uuid.js';

/** The runtime of pages and workers; safe to create during server-side rendering and in React Native, where it does what it can. */
export function browserRuntime(): Runtime {
  const kind = detectKind();
  const engine = detectEngine(kind);
  let storage: TextStorage | undefined | null = null;
  const clock = { delay, monotonicMs: () => globals().performance?.now?.() ?? Date.now(), now: () => Date.now() };

  return {
    kind,
    engine,
    engineVersion: detectEngineVersion(engine),
    page: detectPage(),
    hasServiceWorker,
    ...clock,
    random: () => Math.random(),
    uuid: timeOrderedUuid,
    lacks: lacksGlobal,
    isOnline: () => globals().navigator?.onLine,
    isHidden: () => globals().document?.visibilityState === 'hidden',
    savesData: () => networkInformation()?.saveData === true,
    networkType() {
      try {
        const { type, effectiveType } = networkInformation() ?? {};
        const told = type && type !== 'unknown' ? type : effectiveType;
        // Plugins of hybrid apps put objects of their own here, with numbers for types.
        return typeof told === 'string' ? told : undefined;
      } catch {
        return undefined;
      }
    },
    observePage: browserPage,
    post: browserPost(clock),
    gzip,
    beacon(url, body) {
      try {
        return globals().navigator?.sendBeacon?.(url, body) ?? false;
      } catch {
        return false;
      }
    },
    get storage() {
      // Node 22 and later warn if `localStorage` is merely touched.
      if (storage === null) storage = kind === 'browser' ? browserStorage({ delay, exclusive }) : undefined;
      return storage;
    },
    exclusive,
    warn,
    isDevelopment,
    holdProcess: () => () => {},
  };
}

async function exclusive(name: string, task: () => Promise<void>): Promise<void> {
  let started = false;
  const run = () => {
    started = true;
    return task();
  };
  try {
    const locks = globals().navigator?.locks;
    await (locks ? locks.request(name, run) : run());
  } catch (error) {
    if (started) throw error;
    // A sandboxed frame has no locks: nobody shares its storage either.
    await run();
  }
}

function delay(callback: () => void, ms: number): () => void {
  const clear = originalGlobal('clearTimeout');
  const timer: unknown = originalGlobal('setTimeout')?.(callback, ms);
  // During server-side rendering, the timer is Node's.
  (timer as { unref?: () => void } | undefined)?.unref?.();
  return () => clear?.(timer as number);
}

function detectKind(): Runtime['kind'] {
  const scope = globals() as { WorkerGlobalScope?: unknown; process?: { versions?: { node?: string } } };
  const { document, navigator } = globals();
  if (navigator?.product === 'ReactNative') return 'react-native';
  if (document) return 'browser';
  if (scope.WorkerGlobalScope) return 'worker';
  return scope.process?.versions?.node ? 'node' : 'browser';
}

function detectEngine(kind: Runtime['kind']): Runtime['engine'] {
  if (kind === 'node') return 'node';
  if (kind === 'react-native') return 'unknown';
  // Only SpiderMonkey has this constructor, in pages and in workers.
  if ('InternalError' in globals()) return 'firefox';
  const agent = globals().navigator?.userAgent ?? '';
  // Chrome on iOS calls itself CriOS and is WebKit.
  if (/Chrom(e|ium)\//.test(agent)) return 'chromium';
  return agent.includes('AppleWebKit') ? 'webkit' : 'unknown';
}

/** Only the major version: the full version would distinguish users. */
function detectEngineVersion(engine: Runtime['engine']): string | undefined {
  const { navigator, process } = globals() as { navigator?: Navigator; process?: { versions?: { node?: string } } };
  if (engine === 'node') return process?.versions?.node?.split('.')[0];
  // Safari and WebKitGTK report their own version, not the engine's; Chrome on iOS reports neither. An Android WebView has a `Version`,
  // too.
  const product = { chromium: 'Chrom(?:e|ium)', firefox: 'Firefox', webkit: 'Version', unknown: undefined }[engine];
  return product && new RegExp(`${product}/(\\d+)`).exec(navigator?.userAgent ?? '')?.[1];
}

function hasServiceWorker(): boolean {
  try {
    return Boolean(globals().navigator?.serviceWorker?.controller);
  } catch {
    // A sandboxed frame may not even look.
    return false;
  }
}

function detectPage(): Runtime['page'] {
  try {
    const { location } = globals();
    if (!location?.protocol) return undefined;
    // A worker created from a blob follows the rules of the page that created it.
    const { protocol, host, hostname } = location.protocol === 'blob:' ? new URL(location.pathname) : location;
    // A sandboxed frame has an address, but an origin that is nobody's: not even its own server's.
    if (globals().origin === 'null') return { scheme: protocol, host: '', hostname: '' };
    return { scheme: protocol, host, hostname };
  } catch {
    return undefined;
  }
}
