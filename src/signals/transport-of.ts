import type { ClientEngine } from './client-shapes.js';

/** Name of the transport that an engine uses now; `unknown` if it does not say. */
export function transportOf(engine: ClientEngine | undefined): string {
  return engine?.transport?.name ?? 'unknown';
}
