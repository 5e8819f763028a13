import type { Device } from './dated-runtime.js';
import type { Visit } from './visit.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Broken = NonNullable<Visit['broken']>;

/** What was running when, by the age of the visit. */
const RELEASES = [
  { release: '4.1.2', fromDaysAgo: Number.POSITIVE_INFINITY },
  { release: '4.2.0', fromDaysAgo: 4.4 },
  { release: '4.3.0', fromDaysAgo: 1.6 },
];

const BROWSERS: readonly (readonly [weight: number, engine: Device['engine'], version: string])[] = [
  [34, 'chromium', '142'],
  [18, 'chromium', '141'],
  [6, 'chromium', '138'],
  [14, 'firefox', '145'],
  [4, 'firefox', '140'],
  [17, 'webkit', '26'],
  [7, 'webkit', '18'],
];

const NETWORKS: readonly (readonly [weight: number, name: string])[] = [
  [46, 'wifi'],
  [30, 'cellular'],
  [16, 'ethernet'],
  [8, '4g'],
];

export interface Plan {
  readonly visits: number;
  readonly days: number;
  /** The same seed plans the same visits. */
  readonly seed: number;
  readonly nowMs: number;
}

/**
 * Visits of a product whose newest release looks for its socket under a wrong path, whose mobile users sit behind a proxy that takes no
 * WebSocket, and whose server was away for some hours three days ago; beside what is always there: expired tokens, old pages, visitors who do not wait.
 */
export function planVisits({ visits, days, seed, nowMs }: Plan): readonly Visit[] {
  const random = randomOf(seed);
  const chance = (probability: number) => random() < probability;
  return Array.from({ length: visits }, (_, i): Visit => {
    // Evenly over the days, but few at night; the last minutes are left for what happens now.
    const evenMs = ((i + random()) / visits) * (days * DAY_MS - 10 * 60_000);
    const startMs = awake(nowMs - days * DAY_MS + evenMs, nowMs - 10 * 60_000, random);
    const daysAgo = (nowMs - startMs) / DAY_MS;
    const release = RELEASES.findLast(({ fromDaysAgo }) => daysAgo < fromDaysAgo)?.release ?? '4.1.2';
    const [, engine, engineVersion] = weighted(BROWSERS, random);
    const [, network] = weighted(NETWORKS, random);
    const device: Device = {
      engine,
      engineVersion,
      // Only Chromium tells.
      ...(engine === 'chromium' && { networkType: network }),
      pageHost: 'www.shop.example',
    };
    const broken = whatBreaks({ release, network, daysAgo, engineVersion, chance });
    const isImpatient = !broken && chance(0.02);
    const isMobile = network === 'cellular' || network === '4g';
    return {
      startMs,
      staysMs: Math.round((2 + random() * 40) * 60_000),
      device,
      app: { name: 'shop-web', release, environment: chance(0.06) ? 'staging' : 'production' },
      attributes: { plan: chance(0.7) ? 'free' : 'team', country: chance(0.5) ? 'DE' : chance(0.5) ? 'US' : 'BR' },
      host: chance(0.8) ? 'chat.shop.example' : 'events.shop.example',
      // Times of real services have a long tail.
      admissionMs: Math.round((isMobile ? 160 : 50) * Math.exp(1.1 * normal(random))) % 2500,
      ...(isImpatient && { isImpatient }),
      ...(broken && { broken }),
    };
  }).sort((a, b) => a.startMs - b.startMs);
}

interface Circumstances {
  readonly release: string;
  readonly network: string;
  readonly daysAgo: number;
  readonly engineVersion: string;
  readonly chance: (probability: number) => boolean;
}

function whatBreaks({ release, network, daysAgo, engineVersion, chance }: Circumstances): Broken | undefined {
  if (daysAgo > 2.85 && daysAgo < 3.0 && chance(0.7)) return ['gateway-failing', 'envoy-503'];
  if (release === '4.3.0' && chance(0.1)) return ['path-mismatch', 'client-path'];
  if (release !== '4.1.2' && network === 'cellular' && chance(0.14)) return ['websocket-blocked', 'bad-request-400'];
  if (engineVersion === '138' && chance(0.12)) return ['version-client-too-old', '2-on-4'];
  if (chance(0.018)) return ['middleware-rejected', 'with-data'];
  if (chance(0.008)) return ['session-not-sticky', 'two-round-robin'];
  if (chance(0.006)) return ['connection-cut', 'reset'];
  if (chance(0.006)) return ['request-unauthorized', 'gateway-json-cors'];
  if (chance(0.004)) return ['namespace-unknown', 'looks-like-path'];
  if (chance(0.005)) return ['server-went-down', 'back-after-seconds'];
  return undefined;
}

/** Moves three of four visits of the night to another hour of their day. */
function awake(atMs: number, latestMs: number, random: () => number): number {
  const hour = new Date(atMs).getUTCHours();
  const movedMs = hour < 6 && random() < 0.75 ? atMs + (6 + random() * 12) * HOUR_MS : atMs;
  return movedMs > latestMs ? atMs : movedMs;
}

function weighted<T extends readonly [number, ...unknown[]]>(choices: readonly T[], random: () => number): T {
  let rest = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
  const found = choices.find(([weight]) => {
    rest -= weight;
    return rest < 0;
  });
  return found ?? (choices[0] as T);
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
