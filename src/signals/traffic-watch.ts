import type { EngineClosed } from './signal.js';

/** When something passed on a connection, and since when its transport has been in use. */
export interface TrafficWatch {
  /** Something passed. */
  see(): void;
  /** A packet passed, which is reported only if packets are watched. */
  seePacket(): void;
  /** A transport opened or took over, and counting starts again. */
  openTransport(): void;
  /** What an end at this moment says about it. */
  at(nowMs: number): Pick<EngineClosed, 'transportAgeMs' | 'quietMs' | 'traffic'>;
}

/** `packets` is 0 if packets are watched, which costs a function call for each of them. */
export function createTrafficWatch(monotonicMs: () => number, packets: number | undefined): TrafficWatch {
  let transportMs: number | undefined;
  let trafficMs: number | undefined;
  let longestQuietMs = 0;
  const see = () => {
    trafficMs = monotonicMs();
  };
  return {
    see,
    seePacket() {
      if (packets === undefined || trafficMs === undefined) return;
      longestQuietMs = Math.max(longestQuietMs, monotonicMs() - trafficMs);
      packets += 1;
      see();
    },
    openTransport() {
      see();
      transportMs = trafficMs;
      packets &&= 0;
      longestQuietMs = 0;
    },
    at: (nowMs) => ({
      ...(transportMs !== undefined && { transportAgeMs: Math.round(nowMs - transportMs) }),
      ...(trafficMs !== undefined && { quietMs: Math.round(nowMs - trafficMs) }),
      ...(packets !== undefined && { traffic: { packets, longestQuietMs: Math.round(longestQuietMs) } }),
    }),
  };
}
