import { createDelivery, type Delivery } from './delivery/delivery.js';
import { ENVELOPE_SCHEMA, type Envelope } from './delivery/envelope.js';
import type { DiagnosticsOptions, ResolvedOptions } from './options.js';
import type { Runtime } from './runtime/runtime.js';
import { runtimeFacts } from './signals/runtime-facts.js';
import { SDK_VERSION } from './version.js';

/** A delivery that several sockets use. */
export interface SharedDelivery extends Delivery {
  /**
   * Each user that joined must call this once. The last one to leave closes the sinks once everything is safe; what is not safe yet is
   * retried until then.
   */
  leave(): Promise<void>;
}

/** The deliveries of a page. Sockets whose records go the same way share one, and with it the batches, the limits and the memory. */
export interface SharedDeliveries {
  /** @param given the options as the app passed them, by which equal ways are recognized */
  join(options: ResolvedOptions, given: object): SharedDelivery;
}

/** @param session what an envelope says about the page, unless the app provides another id */
export function createSharedDeliveries(
  runtime: Runtime,
  session: Pick<Envelope['session'], 'id' | 'startedAt'>,
): SharedDeliveries {
  const shared = new Map<unknown, { readonly delivery: SharedDelivery; users: number }>();
  const numbers = new WeakMap<object, number>();
  let numbered = 0;

  function numberOf(value: object): number {
    const number = numbers.get(value) ?? ++numbered;
    numbers.set(value, number);
    return number;
  }

  /** A component that wraps a socket each time it is shown passes equal options in a new object each time. */
  function wayOf({ collector, app, sessionId, attributes, limits, storage }: DiagnosticsOptions): string {
    const identify = (value: unknown) =>
      Object(value) === value ? numberOf(value as object) : JSON.stringify(value ?? null);
    const collectors = Array.isArray(collector) ? collector : [collector];
    return JSON.stringify([collectors.map(identify), identify(storage), app, sessionId, attributes, limits]);
  }

  function keyOf(given: object): unknown {
    try {
      return wayOf(given);
    } catch {
      // Something in it is not JSON: then only the same object means the same way.
      return given;
    }
  }

  function create(options: ResolvedOptions): Delivery {
    return createDelivery({
      sinks: options.sinks,
      runtime,
      limits: options.limits,
      storage: options.storage,
      origin: {
        schema: ENVELOPE_SCHEMA,
        sdk: { name: 'socket.io-diagnostics', version: SDK_VERSION },
        ...(options.app && { app: options.app }),
        session: {
          id: options.sessionId ?? session.id,
          startedAt: session.startedAt,
          runtime: {
            ...runtimeFacts(runtime),
            engineVersion: runtime.engineVersion,
            // Read whenever a batch is written: a page outlives many networks.
            get networkType() {
              return runtime.networkType();
            },
          },
          ...(options.attributes && { attributes: options.attributes }),
        },
      },
      onBlocked: () => {
        if (options.console) runtime.warn('the collector cannot be reached; records are kept and retried later');
      },
    });
  }

  return {
    join(options, given) {
      const key = keyOf(given);
      const existing = shared.get(key);
      if (existing) {
        existing.users += 1;
        return existing.delivery;
      }
      const delivery = create(options);
      const entry = {
        users: 1,
        delivery: {
          ...delivery,
          async leave() {
            entry.users -= 1;
            try {
              // Within the limits, because sockets may come and go in a loop.
              if (entry.users > 0 || !(await delivery.flush(true)) || entry.users > 0) return;
              if (shared.get(key) === entry) shared.delete(key);
              await delivery.close();
            } catch {
              // Nobody is left to notify.
            }
          },
        },
      };
      shared.set(key, entry);
      return entry.delivery;
    },
  };
}
