import type { Segment, Share } from '../src/stores/store.js';
import { timesItsShare } from './standing-out.js';

export interface Spread extends Share {
  /** Of the sessions with the cause whose value is known; undefined if this one's is not. */
  readonly share?: number;
  /** Of all sessions whose value is known, with or without the cause. */
  readonly usualShare?: number;
  /** How many times its share of all sessions, if that is more than chance. */
  readonly times?: number;
}

/** How a cause is spread compared with how all sessions are spread: a browser that everybody uses must not look guilty. */
export function spreadOf(shares: readonly Share[], segments: readonly Segment[] = []): readonly Spread[] {
  const known = shares.filter(({ value }) => value !== '');
  const ofHits = known.reduce((sum, { sessions }) => sum + sessions, 0);
  const usual = new Map(segments.filter(({ value }) => value !== '').map(({ value, sessions }) => [value, sessions]));
  const ofSessions = [...usual.values()].reduce((sum, sessions) => sum + sessions, 0);
  return shares.map((one): Spread => {
    if (one.value === '' || ofHits === 0) return one;
    const share = one.sessions / ofHits;
    const sessions = usual.get(one.value);
    if (sessions === undefined || ofSessions === 0) return { ...one, share };
    const times = timesItsShare({ hits: one.sessions, ofHits, sessions, ofSessions });
    return { ...one, share, usualShare: sessions / ofSessions, ...(times !== undefined && { times }) };
  });
}
