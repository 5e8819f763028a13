import type { PageSignal, PostAnswer, PostRequest, ProbingRuntime } from '../../src/runtime/runtime.js';

/** A `Runtime` whose clock stands still until it is told to go on, and whose network is a function of the test. */
export interface FakeRuntime extends ProbingRuntime {
  /** Lets time pass: runs what falls due, in order, with everything that follows from it. */
  advance(ms: number): Promise<void>;
  /** Tells listeners of `observePage`. */
  tellPage(event: PageSignal): void;
  /** Every `post` so far. */
  readonly posts: readonly PostRequest[];
  /** What a `post` is answered with; by default 200. */
  answerPost: (post: PostRequest) => PostAnswer | Promise<PostAnswer>;
  readonly beacons: readonly { readonly url: string; readonly body: string }[];
  online: boolean | undefined;
  hidden: boolean;
  beaconAccepts: boolean;
  development: boolean;
  /** Every `warn` so far. */
  readonly warnings: readonly string[];
  /** Given for each `random()`. */
  chance: number;
  /** The storage's content: give the same map to two runtimes and they are two tabs. */
  readonly stored: Map<string, string>;
  /** How many reasons there are to keep the process alive. */
  readonly holds: number;
  /** How many timers are set. */
  readonly timers: number;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

let runtimes = 0;

export function fakeRuntime(
  overrides: Partial<ProbingRuntime> & { stored?: Map<string, string>; startMs?: number } = {},
): FakeRuntime {
  const { stored = new Map<string, string>(), startMs = Date.UTC(2026, 0, 1), ...replaced } = overrides;
  const timers = new Set<Timer>();
  const posts: PostRequest[] = [];
  const beacons: { url: string; body: string }[] = [];
  const warnings: string[] = [];
  const listeners = new Set<(event: PageSignal) => void>();
  const number = String(runtimes++ % 1000).padStart(3, '0');
  let elapsedMs = 0;
  let ids = 0;
  let holds = 0;

  const runtime: FakeRuntime = {
    kind: 'browser',
    engine: 'chromium',
    engineVersion: '131',
    page: { scheme: 'https:', host: 'app.example', hostname: 'app.example' },
    online: true,
    hidden: false,
    beaconAccepts: true,
    development: false,
    warnings,
    warn: (message) => void warnings.push(message),
    isDevelopment: () => runtime.development,
    chance: 0.5,
    answerPost: () => ({ status: 200, body: '' }),
    posts,
    beacons,
    stored,
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    random: () => runtime.chance,
    uuid: () => `00000000-0000-4000-8${number}-${String(++ids).padStart(12, '0')}`,
    delay(callback, ms) {
      const timer = { atMs: elapsedMs + Math.max(0, ms), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    lacks: () => false,
    isOnline: () => runtime.online,
    isHidden: () => runtime.hidden,
    savesData: () => false,
    networkType: () => undefined,
    observePage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    request: async () => ({ result: 'failed', durationMs: 0 }),
    permission: async () => undefined,
    openWebSocket: async () => ({ result: 'rejected', messages: [], durationMs: 0 }),
    async post(post) {
      posts.push(post);
      return runtime.answerPost(post);
    },
    gzip: async () => undefined,
    beacon(url, body) {
      if (runtime.beaconAccepts) beacons.push({ url, body });
      return runtime.beaconAccepts;
    },
    storage: {
      keys: () => [...stored.keys()],
      get: (key) => stored.get(key),
      set(key, value) {
        stored.set(key, value);
        return true;
      },
      remove: (key) => void stored.delete(key),
    },
    exclusive: (_name, task) => task(),
    holdProcess() {
      holds++;
      return () => {
        holds--;
      };
    },
    tellPage(event) {
      for (const listener of listeners) listener(event);
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await everythingThatFollows();
      for (;;) {
        const next = [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        timers.delete(next);
        elapsedMs = Math.max(elapsedMs, next.atMs);
        next.callback();
        await everythingThatFollows();
      }
      elapsedMs = untilMs;
    },
    get holds() {
      return holds;
    },
    get timers() {
      return timers.size;
    },
  };
  // Not spread into the literal: that would read the getters once and for all.
  return Object.defineProperties(runtime, Object.getOwnPropertyDescriptors(replaced));
}

/** All microtasks have run when the event loop comes round. */
function everythingThatFollows(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
