import type { Facts } from './facts.js';

/** Whether the client sends what the questions of the SDK do not, and by which a server may let it in: a query, headers, or the cookies of a page. */
export function sendsOwn({ options, runtime }: Facts): boolean {
  return options.hasQuery || options.hasExtraHeaders || (options.withCredentials && runtime.kind !== 'node');
}
