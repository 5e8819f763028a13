import type { Runtime } from '../runtime/runtime.js';
import type { RuntimeFacts } from './timeline.js';

/** Where the client runs, as far as may be reported. */
export function runtimeFacts({ kind, engine, page }: Pick<Runtime, 'kind' | 'engine' | 'page'>): RuntimeFacts {
  return { kind, engine, ...(page && { pageScheme: page.scheme, pageHost: page.host }) };
}
