import type { Unanswered } from './facts.js';

/**
 * Whether the polling request with the CONNECT packet is still in flight. Engine.IO responds to a POST as soon as it has read the body,
 * whatever a namespace does then: a request without a response has not reached it, or not completely.
 */
export function isUndelivered({ alike }: Unanswered): boolean {
  const [overdue] = alike.filter((one) => one.kind === 'connect-overdue').slice(-1);
  return overdue?.kind === 'connect-overdue' && overdue.transport === 'polling' && !overdue.delivered;
}
