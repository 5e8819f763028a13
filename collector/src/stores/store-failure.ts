/** Why a store cannot write anything at all, as opposed to one batch that it cannot take. */
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

/** What must be done about it, in the words of the log, where the store does not say so itself. */
const ADVICE: Readonly<Partial<Record<StoreFailureReason, string>>> = {
  'disk-full': 'Make room on the disk of --data, or keep less with --keep-days and --max-size-mb.',
  'read-only':
    'Make the folder of --data and the files in it writable for this process again, or its disk, where that is mounted read-only.',
  moved:
    'Put the files back as they were, or start the collector again: it then makes or opens what is in the folder of --data. Stop it before you move or restore a database.',
  locked: 'End what else has the database open; one collector has one folder.',
  corrupt:
    'Stop the collector, move the database away or repair it with the .recover command of sqlite3, and start again.',
  outdated: 'End this collector: the other one takes what its senders send again.',
  'io-error': 'Look at the disk of --data: it may be full, at its quota or damaged.',
};

/** What to do about it, in a sentence; empty where nobody knows. */
export function adviceOf({ advice, reason }: StoreFailure): string {
  return advice ?? ADVICE[reason] ?? '';
}
