/** Why a store cannot write anything at all, as opposed to one batch that it cannot take. */
export type StoreFailureReason = 'disk-full' | 'read-only' | 'locked' | 'corrupt' | 'io-error';

/** The store failed, not the batch: nothing of what was to be written is stored, and it may work again later. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly reason: StoreFailureReason;

  constructor(reason: StoreFailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
