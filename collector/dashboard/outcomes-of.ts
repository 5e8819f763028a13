import type { Headline } from '../src/stores/store.js';

/** How sessions fared, in whole sessions: each one connected, failed to connect, or was over before either. */
export function outcomesOf({
  sessions,
  connectedShare = 0,
  failedShare = 0,
}: Pick<Headline, 'sessions' | 'connectedShare' | 'failedShare'>): { readonly failed: number; readonly over: number } {
  return {
    failed: Math.round(sessions * failedShare),
    over: Math.round(sessions * (1 - connectedShare - failedShare)),
  };
}
