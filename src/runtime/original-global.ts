import { globals } from './globals.js';

type Name = 'fetch' | 'setTimeout' | 'clearTimeout';

/**
 * The global as it was before zone.js patched it (zone.js keeps the originals under this prefix): a timer of the SDK must not run
 * Angular's change detection, nor keep an application from becoming stable.
 */
export function originalGlobal<N extends Name>(name: N): (typeof globalThis)[N] | undefined {
  const all = globals() as Record<string, unknown>;
  return (all[`__zone_symbol__${name}`] ?? all[name]) as (typeof globalThis)[N] | undefined;
}
