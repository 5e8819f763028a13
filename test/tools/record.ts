import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closeBrowsers } from '../browser/harness.js';
import { loadFault, placesOf, type RunResult, runFault } from '../faults/_kit/run-fault.js';
import { allCodes } from './all-codes.js';
import { normalizePorts } from './normalize-ports.js';
import { parseEngines } from './parse-engines.js';
import { isSameView } from './same-view.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Only this runtime: node, chromium, firefox or webkit. */
    runtime: { type: 'string' },
    /** Browsers: chromium, firefox, webkit, several of them with commas, or all. */
    engine: { type: 'string' },
    /** Of Firefox and WebKit: only the first variant of each cause, and those in which they see something else than Chromium did. */
    differing: { type: 'boolean', default: false },
    /** Only the first variant of each that runs there. */
    first: { type: 'boolean', default: false },
    /** Only this variant. */
    variant: { type: 'string' },
  },
});

const engines = parseEngines(values.engine ?? values.runtime);
let wrong = 0;
for (const code of positionals.length > 0 ? positionals : allCodes()) {
  const { fault, healthy } = await loadFault(code);
  let isFirst = true;
  for (const [variantName, variant] of Object.entries(fault.variants)) {
    if (values.first && !isFirst) break;
    if (values.variant !== undefined && values.variant !== variantName) continue;
    for (const place of placesOf(fault, variant, engines)) {
      if (values.runtime !== undefined && values.runtime !== place.replace('-same', '')) continue;
      // Asked for browsers by name: Node is none.
      if (values.engine !== undefined && (place === 'node' || place === 'react-native')) continue;
      let result = await runFault(code, variantName, place);
      isFirst = false;
      // The browser or the page broke down, which is no answer.
      if (result.endedBy === 'broken') result = await runFault(code, variantName, place);
      if (result.problems.length > 0) wrong++;
      console.log(
        `${save(result, healthy, Object.keys(fault.variants)).padEnd(9)} ${fileName(result)} ${result.problems.join('; ')}`,
      );
    }
  }
}
await closeBrowsers();
// Requests that a client left hanging on purpose would keep the process alive.
process.exit(wrong === 0 ? 0 : 1);

/** Firefox and WebKit mostly see what Chromium sees, which need not be kept three times. */
function isWorthKeeping(
  result: RunResult,
  recording: Parameters<typeof isSameView>[0],
  variants: readonly string[],
): boolean {
  const { place, variant } = result;
  if (!values.differing || place === 'node' || place.startsWith('chromium') || variant === variants[0]) return true;
  const inChromium = pathOf(fileName({ ...result, place: place.endsWith('-same') ? 'chromium-same' : 'chromium' }));
  return !existsSync(inChromium) || !isSameView(recording, JSON.parse(readFileSync(inChromium, 'utf8')));
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../recordings/${name}`, import.meta.url));
}

/** Healthy set-ups have no incident: what is kept is everything that was seen. */
function save(result: RunResult, healthy: boolean, variants: readonly string[]): string {
  const { code, variant, place, client, expect, incidents } = result;
  const told = incidents.findLast(({ diagnosis }) => diagnosis.code === code) ?? incidents.at(-1);
  const timeline = told?.timeline ?? result.timeline;
  if (!timeline) return 'nothing';
  const recording = {
    code: healthy ? null : code,
    ...(healthy ? { healthy: code } : {}),
    variant,
    runtime: place.replace('-same', ''),
    client,
    expect,
    timeline: normalizePorts(timeline),
  };
  if (!isWorthKeeping(result, recording, variants)) return 'the same';
  const path = pathOf(fileName(result));
  // Times differ in every run: a recording in which nothing else differs stays as it is.
  const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  if (before && withoutTimes(before) === withoutTimes(recording)) return 'unchanged';
  writeFileSync(path, `${JSON.stringify(recording, null, 1)}\n`);
  return 'written';
}

function fileName({ code, variant, place, healthy }: RunResult): string {
  return `${healthy ? 'healthy.' : ''}${code}.${variant}.${place}.json`;
}

function withoutTimes(recording: object): string {
  const times = ['at', 'since', 'ageMs', 'afterMs', 'durationMs', 'sessionMs', 'gapMs'];
  return JSON.stringify(recording, (name, value) => (times.includes(name) ? undefined : value));
}
