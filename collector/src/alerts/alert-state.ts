/** All that alerts remember, as JSON in the store: a collector that starts again goes on where it was. */
export interface AlertState {
  /** By rule and cause: what was told and is not over. */
  readonly firing: Record<string, FiringAlert>;
  /** By rule, app, environment, release and cause: what was told to be new, or was there before anybody asked; when it first came. */
  readonly seen: Record<string, number>;
  /** Not taken yet, oldest first. */
  outbox: WaitingMessage[];
}

export interface FiringAlert {
  readonly rule: string;
  readonly code: string;
  readonly title: string;
  readonly sinceMs: number;
  /** Since when it is not so any more; absent while it is. */
  readonly belowSinceMs?: number;
}

export interface WaitingMessage {
  readonly id: string;
  readonly body: string;
  readonly sinceMs: number;
  readonly attempts: number;
  readonly nextAtMs: number;
}

/** Undefined where there is none that can be read: then what is there now counts as known. */
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

/** Its names are made of what records say. */
function withoutPrototype<T>(record: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, record);
}
