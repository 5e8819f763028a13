import type { Facts } from './facts.js';

/** Whether the client runs in a browser, with its rules for pages: origins, CORS, blocked ports. Node and React Native have none. */
export function isPage({ runtime }: Pick<Facts, 'runtime'>): boolean {
  return runtime.kind === 'browser' || runtime.kind === 'worker';
}
