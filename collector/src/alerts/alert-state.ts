/** Everything that alerts remember, as JSON in the store: a restarted collector continues where it was. */
export interface AlertState {
  /** By rule and cause: what was reported and is not over. */
  readonly firing: Record<string, FiringAlert>;
  /**
   * By rule, app, environment, release and cause: what was reported as new, or existed before the first check; with the time it first
   * appeared.
   */
  readonly seen: Record<string, number>;
  /** Not accepted yet, oldest first. */
  outbox: WaitingMessage[];
}

export interface FiringAlert {
  readonly rule: string;
  readonly code: string;
  readonly title: string;
  readonly sinceMs: number;
  /** Since when it no longer holds; absent while it does. */
  readonly belowSinceMs?: number;
}

export interface WaitingMessage {
  readonly id: string;
  readonly body: string;
  readonly sinceMs: number;
  readonly attempts: number;
  readonly nextAtMs: number;
}

/** Undefined if there is no readable state: then everything that exists now counts as known. */
export function parseAlertState(text: string | undefined): AlertState | undefined {
  try {
    const { firing, seen, outbox } = JSON.parse(text ?? '') as AlertState;
    if (!Array.isArray(outbox)) return undefined;
    return { firing: withoutPrototype(firing), seen: withoutPrototype(seen), outbox };
  } catch {
    return undefined;
  }
}

export function emptyAlertState(): AlertState {
  return { firing: withoutPrototype({}), seen: withoutPrototype({}), outbox: [] };
}

/** Its names come from records. */
function withoutPrototype<T>(record: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, record);
}
