import type { Change } from './changes.js';

/** A recording with one fact changed by hand: the look-alike that no test machine can make, or not without hours of waiting. */
export interface Variation {
  readonly from: string;
  readonly but: string;
  /** What the changed facts exclude; without it `from`'s own cause. */
  readonly code?: string;
  /**
   * `silent`: it may not be told at all. `unsure`: it may not be confirmed. `told`: it is told at least. `sure`: it is confirmed all the
   * same, `class`: as a class, `itself`: as no class.
   */
  readonly is: 'silent' | 'unsure' | 'told' | 'sure' | 'class' | 'itself';
  readonly change: Change;
}

/** Several changes to one recording that mean the same for its own cause, or for the one that is named. */
export function vary(
  from: string,
  is: Variation['is'],
  changes: readonly (readonly [but: string, change: Change])[],
  code?: string,
): Variation[] {
  return changes.map(([but, change]) => ({ from, but, is, change, ...(code !== undefined && { code }) }));
}
