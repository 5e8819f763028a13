import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../faults/_kit/run-fault.js';
import { normalizePorts } from './normalize-ports.js';
import { isSameView } from './same-view.js';

export interface RecordingChoice {
  /** Names of all variants of the fault, in order. */
  readonly variants: readonly string[];
  /** Of Firefox and WebKit: only the first variant of each cause, and those in which they see something else than Chromium did. */
  readonly differing: boolean;
}

/** Writes what a run showed to test/recordings and says what became of it. Healthy set-ups have no incident: all that was seen is kept. */
export function saveRecording(
  result: RunResult,
  choice: RecordingChoice,
): 'written' | 'unchanged' | 'the same' | 'nothing' {
  const { code, variant, place, client, expect, incidents, healthy } = result;
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
  if (!isWorthKeeping(result, recording, choice)) return 'the same';
  const path = pathOf(recordingName(result));
  // Times differ in every run: a recording in which nothing else differs stays as it is.
  const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  if (before && withoutTimes(before) === withoutTimes(recording)) return 'unchanged';
  writeFileSync(path, `${JSON.stringify(recording, null, 1)}\n`);
  return 'written';
}

export function recordingName({
  code,
  variant,
  place,
  healthy,
}: Pick<RunResult, 'code' | 'variant' | 'place' | 'healthy'>): string {
  return `${healthy ? 'healthy.' : ''}${code}.${variant}.${place}.json`;
}

/** Firefox and WebKit mostly see what Chromium sees, which need not be kept three times. */
function isWorthKeeping(
  result: RunResult,
  recording: Parameters<typeof isSameView>[0],
  { variants, differing }: RecordingChoice,
): boolean {
  const { place, variant } = result;
  if (!differing || place === 'node' || place.startsWith('chromium') || variant === variants[0]) return true;
  const inChromium = pathOf(
    recordingName({ ...result, place: place.endsWith('-same') ? 'chromium-same' : 'chromium' }),
  );
  return !existsSync(inChromium) || !isSameView(recording, JSON.parse(readFileSync(inChromium, 'utf8')));
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../recordings/${name}`, import.meta.url));
}

function withoutTimes(recording: object): string {
  const times = ['at', 'since', 'ageMs', 'afterMs', 'durationMs', 'sessionMs', 'gapMs'];
  return JSON.stringify(recording, (name, value) => (times.includes(name) ? undefined : value));
}
