import type { ErrorFacts } from '../signals/error-facts.js';

/** Whether it was a POST of long-polling that failed, by XMLHttpRequest or by the fetch transport of 4.8. */
export function isSendError(message: ErrorFacts['message'] | undefined): boolean {
  return message === 'xhr post error' || message === 'fetch write error';
}
