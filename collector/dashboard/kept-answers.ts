/** Readers who go back find the page as it was, at the same position, while it is loaded again. */
const MAX_KEPT = 30;

const kept = new Map<string, unknown>();

/** The last response of the read API to a query, if it is still here. */
export function keptAnswer<T>(path: string): { readonly data: T } | undefined {
  return kept.has(path) ? { data: kept.get(path) as T } : undefined;
}

export function keepAnswer(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** Leaves nothing to read for somebody who no longer has the right to. */
export function forgetAnswers(): void {
  kept.clear();
}
