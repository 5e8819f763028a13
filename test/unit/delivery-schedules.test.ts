import { expect, test } from 'vitest';
import { DeliveryWorld, type Step, type Weather } from './delivery-world.js';

// The generator is ours: a schedule is plain data that a seed makes, which is all that is needed to run it again and to shorten it.
const SCHEDULES = Number(process.env.SCHEDULES ?? 2000);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const weathers: readonly Weather[] = [
  'fine',
  'mixed',
  'refusing',
  'rejecting',
  'busy',
  'told-to-wait',
  'unreachable',
  'answers-lost',
  'slow',
  'small-bodies',
];

test(`${SCHEDULES} random schedules lose nothing that is not told of, and keep nothing twice (SEED=${SEED})`, async () => {
  for (let n = 0; n < SCHEDULES; n++) {
    const seed = SEED + n;
    const steps = schedule(randomOf(seed));
    const broken = await brokenPromise(steps, seed);
    if (broken) {
      const { shortest, why } = await shortened(steps, seed, broken);
      expect.fail(`SEED=${seed} SCHEDULES=1: ${why}\n${shortest.map((step) => JSON.stringify(step)).join('\n')}`);
    }
  }
}, 240_000);

async function brokenPromise(steps: readonly Step[], seed: number): Promise<string | undefined> {
  const world = new DeliveryWorld(randomOf(seed + 0.5));
  try {
    await world.run(steps);
    await world.finish();
    return world.broken;
  } catch (error) {
    return String((error as Error).stack);
  }
}

/** Leaves out what is not needed for the failure. */
async function shortened(steps: readonly Step[], seed: number, broken: string) {
  let shortest = steps;
  let why = broken;
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < shortest.length; ) {
      const fewer = [...shortest.slice(0, at), ...shortest.slice(at + size)];
      const still = await brokenPromise(fewer, seed);
      if (still) {
        shortest = fewer;
        why = still;
      } else at += size;
    }
  }
  return { shortest, why };
}

function schedule(random: () => number): Step[] {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const hasJumps = random() < 0.2;
  const hasBursts = random() < 0.25;
  const steps: Step[] = [];
  for (let n = 5 + below(40); n > 0; n--) {
    const tab = below(4);
    const dice = random();
    if (dice < 0.34) {
      const kind = pick(['session', 'incident', 'incident', 'poison'] as const);
      steps.push({ do: 'add', tab, record: below(12), kind, chars: pick([0, 300, 3000, 20_000]) });
    } else if (dice < 0.6) steps.push({ do: 'pass', ms: Math.floor(10 ** (random() * 5.5)) });
    else if (dice < 0.75) steps.push({ do: 'weather', weather: pick(weathers) });
    else if (dice < 0.78) steps.push({ do: 'open' });
    else if (dice < 0.82) steps.push({ do: 'drop', tab });
    else if (dice < 0.86 && hasBursts)
      steps.push({ do: 'burst', tab, records: 30 + below(120), chars: pick([0, 600, 2000]) });
    else if (dice < 0.88 && hasJumps)
      steps.push({ do: 'clock', ms: (random() - 0.5) * pick([600_000, 6 * 86_400_000]) });
    else
      steps.push({
        do: pick(['hide', 'hide', 'show', 'crash', 'crash', 'reload', 'flush', 'offline', 'online'] as const),
        tab,
      });
  }
  return steps;
}

/** Numbers from 0 up to 1 that the seed determines (mulberry32). */
function randomOf(seed: number): () => number {
  let state = Math.imul(Math.floor(seed * 2) + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
