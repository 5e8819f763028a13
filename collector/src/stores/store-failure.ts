/** Why a store cannot write anything at all, as opposed to a single batch that it cannot accept. */
export type StoreFailureReason =
  | 'disk-full'
  | 'read-only'
  | 'moved'
  | 'locked'
  | 'corrupt'
  | 'outdated'
  | 'io-error'
  | 'unreachable'
  | 'refused'
  | 'overloaded'
  | 'misconfigured';

/** The store failed, not the batch: nothing of the write is guaranteed, and it may work again later. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly reason: StoreFailureReason;
  /** What to do about it, if the store knows better than the reason alone says. */
  readonly advice?: string;

  constructor(reason: StoreFailureReason, message: string, advice?: string) {
    super(message);
    this.reason = reason;
    if (advice !== undefined) this.advice = advice;
  }
}

/** What must be done about it, as worded in the log, unless the store says so itself. */
const ADVICE: Readonly<Partial<Record<StoreFailureReason, string>>> = {
  'disk-full': 'Free space on the disk of --data, or keep less with --keep-days and --max-size-mb.',
  'read-only':
    'Make the --data folder and the files in it writable for this process again, or its disk if that is mounted read-only.',
  moved:
    'Put the files back as they were, or restart the collector: it then opens or creates the database in the --data folder. Stop it before you move or restore a database.',
  locked: 'Stop whatever else has the database open; each collector needs a folder of its own.',
  corrupt:
    'Stop the collector, move the database away or repair it with the .recover command of sqlite3, and start the collector again.',
  outdated: 'Stop this collector: the newer one accepts what its senders send again.',
  'io-error': 'Check the disk of --data: it may be full, over its quota or damaged.',
};

/** What to do about it, in a sentence; empty if nobody knows. */
export function adviceOf({ advice, reason }: StoreFailure): string {
  return advice ?? ADVICE[reason] ?? '';
}
