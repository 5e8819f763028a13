/** Whoever goes back finds the page as it was, and where it was, while it is asked anew. */
const MAX_KEPT = 30;

const kept = new Map<string, unknown>();

/** The last answer to a question of the read API, if it is still here. */
export function keptAnswer<T>(path: string): { readonly data: T } | undefined {
  return kept.has(path) ? { data: kept.get(path) as T } : undefined;
}

export function keepAnswer(path: string, data: unknown): void {
  kept.delete(path);
  kept.set(path, data);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** Leaves nothing to read for whoever has no right to it any more. */
export function forgetAnswers(): void {
  kept.clear();
}
