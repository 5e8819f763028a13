/** A condition that nothing recorded needs, and why it stays. */
export interface Survivor {
  readonly code: string;
  /** The condition as it is written, on one line. */
  readonly condition: string;
  readonly reason: string;
}

export const survivors: readonly Survivor[] = [];
