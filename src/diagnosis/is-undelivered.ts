import type { Unanswered } from './facts.js';

/**
 * Whether the polling request with the CONNECT packet is still under way. Engine.IO answers a POST as soon as it has read the body, whatever
 * a namespace does then: what is not answered has not come to it, or not whole.
 */
export function isUndelivered({ alike }: Unanswered): boolean {
  const [overdue] = alike.filter((one) => one.kind === 'connect-overdue').slice(-1);
  return overdue?.kind === 'connect-overdue' && overdue.transport === 'polling' && !overdue.delivered;
}
