import { nodeRuntime } from '../../../src/runtime/node.js';
import type { ProbingRuntime, Runtime } from '../../../src/runtime/runtime.js';

export interface Device {
  readonly engine: Runtime['engine'];
  readonly engineVersion: string;
  /** Absent where the browser does not tell it. */
  readonly networkType?: string;
  readonly pageHost: string;
}

export interface DatedRuntime extends ProbingRuntime {
  /** Time passes at once, without a timer that would notice. */
  skip(ms: number): void;
}

/** A browser of some days ago: its clock and its names are given, its network is the real one. */
export function datedRuntime(startMs: number, { engine, engineVersion, networkType, pageHost }: Device): DatedRuntime {
  const real = nodeRuntime();
  let offsetMs = startMs - real.now();
  let skippedMs = 0;
  return {
    ...real,
    kind: 'browser',
    engine,
    engineVersion,
    networkType: () => networkType,
    page: { scheme: 'http:', host: pageHost, hostname: pageHost },
    isOnline: () => true,
    now: () => real.now() + offsetMs,
    monotonicMs: () => real.monotonicMs() + skippedMs,
    skip(ms) {
      offsetMs += ms;
      skippedMs += ms;
    },
  };
}
