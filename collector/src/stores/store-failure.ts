/** Why a store cannot write anything at all, as opposed to one batch that it cannot take. */
export type StoreFailureReason =
  | 'disk-full'
  | 'read-only'
  | 'moved'
  | 'locked'
  | 'corrupt'
  | 'io-error'
  | 'unreachable'
  | 'refused'
  | 'overloaded'
  | 'misconfigured';

/** The store failed, not the batch: nothing of what was to be written is promised, and it may work again later. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly reason: StoreFailureReason;
  /** What to do about it, where the store knows better than the reason says. */
  readonly advice?: string;

  constructor(reason: StoreFailureReason, message: string, advice?: string) {
    super(message);
    this.reason = reason;
    if (advice !== undefined) this.advice = advice;
  }
}
