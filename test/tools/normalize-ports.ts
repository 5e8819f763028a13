import type { Timeline } from '../../src/signals/timeline.js';

/** Ports that the system hands out begin here on Linux, macOS and Windows alike; ports below were chosen and may mean something. */
const FIRST_EPHEMERAL_PORT = 32_768;

/** Gives the server, the page and any third party the same ports in every recording, and leaves chosen ports as they are. */
export function normalizePorts(timeline: Timeline): Timeline {
  const fixed = new Map<string, string>();
  const fix = (port: string): string => {
    if (Number(port) < FIRST_EPHEMERAL_PORT) return port;
    const known = fixed.get(port) ?? String(3_000 + fixed.size);
    fixed.set(port, known);
    return known;
  };
  // The server comes first, so that it has the same port in every recording.
  fix(timeline.target.port);
  return JSON.parse(JSON.stringify(timeline), (name, value) => {
    if (typeof value === 'string') {
      return name === 'port' ? fix(value) : value.replace(/:(\d{5})\b/g, (_, port) => `:${fix(port)}`);
    }
    return value;
  });
}
