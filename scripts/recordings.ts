import { readdirSync, readFileSync } from 'node:fs';
import type { Timeline } from '../src/signals/timeline.js';

const folder = new URL('../test/recordings/', import.meta.url);

/** What the recordings of broken and of healthy connections have in common. */
export interface Recorded {
  /** `null` for a healthy run. */
  readonly code: string | null;
  readonly runtime: string;
  readonly timeline: Timeline;
}

/** Every recording that the catalogue is judged on. */
export function readRecordings(): Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded);
}
