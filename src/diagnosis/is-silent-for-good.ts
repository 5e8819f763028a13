import type { Unanswered } from './facts.js';

/** The client's default `timeout` for a whole connection: who has not answered by then is not only slow. */
const SILENT_MS = 20_000;

/** Whether a namespace was waited for so long that a slow answer is not to be expected any more. */
export function isSilentForGood({ alike }: Pick<Unanswered, 'alike'>): boolean {
  return alike.some((one) => one.kind === 'connect-overdue' && one.afterMs >= SILENT_MS);
}
