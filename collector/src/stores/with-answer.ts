import type { Rejudged } from './store.js';

/** A record's JSON with the newer diagnosis, JSON of a `Rejudged`, in place of its own. */
export function withAnswer(record: string, rejudged: string | null): string {
  if (rejudged === null) return record;
  const { diagnosis } = JSON.parse(rejudged) as Rejudged;
  return JSON.stringify({ ...(JSON.parse(record) as object), diagnosis });
}
