import type { Unanswered } from './facts.js';

/** The client's default `timeout` for a whole connection: a server that has not responded by then is not merely slow. */
const SILENT_MS = 20_000;

/** Whether the client waited for a namespace so long that a slow response is no longer to be expected. */
export function isSilentForGood({ alike }: Pick<Unanswered, 'alike'>): boolean {
  return alike.some((one) => one.kind === 'connect-overdue' && one.afterMs >= SILENT_MS);
}
