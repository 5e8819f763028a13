import type { LintedMember } from './connection-observer.js';
import type { Diagnostics } from './diagnostics.js';
import { inertDiagnostics } from './inert-diagnostics.js';
import type { Judge } from './judge.js';
import { createJudges } from './judges.js';
import { type DiagnosticsOptions, resolveOptions, type TellMisuse } from './options.js';
import { type Page, tellMisuse, tellOnce } from './page.js';
import type { Runtime } from './runtime/runtime.js';
import { createSharedDeliveries } from './shared-deliveries.js';
import type { ClientSocket, SocketLike } from './signals/client-shapes.js';
import { textOf } from './text-of.js';
import { usageChecks } from './usage-checks.js';
import { watchSocket } from './watch-socket.js';

export type WithDiagnostics = <T extends SocketLike>(
  socket: T,
  options?: DiagnosticsOptions,
) => T & { readonly diagnostics: Diagnostics };

/** Callers within the SDK identify themselves, so that the frame before them is the app's. */
type CallableWithDiagnostics = WithDiagnostics &
  ((socket: unknown, options?: DiagnosticsOptions, calledBy?: unknown) => unknown);

/**
 * Makes `withDiagnostics` for a runtime; nothing is touched before its first call.
 *
 * @param judge the judge itself, or a function that loads it when a socket fails for the first time
 */
export function createWithDiagnostics<R extends Runtime>(
  createRuntime: () => R,
  judge: Judge<R> | (() => Promise<Judge<R>>),
): WithDiagnostics {
  let page: Page | undefined;
  const withDiagnostics = ((socket, options, calledBy) => {
    try {
      page ??= openPage(createRuntime(), judge);
      return wrap(page, socket, options, [calledBy, withDiagnostics]);
    } catch (error) {
      // Whatever goes wrong in here must not reach the app.
      if (page) tellOnce(page, 'not watched', `the socket is not watched: ${textOf(error)}`, true);
      return attach(socket, inertDiagnostics);
    }
  }) as CallableWithDiagnostics;
  return withDiagnostics;
}

function openPage<R extends Runtime>(runtime: R, judge: Judge<R> | (() => Promise<Judge<R>>)): Page {
  return {
    runtime,
    judges: createJudges(judge, runtime.monotonicMs),
    observers: new WeakMap(),
    polling: new Map(),
    deliveries: createSharedDeliveries(runtime, {
      id: runtime.uuid(),
      startedAt: new Date(runtime.now()).toISOString(),
    }),
    told: new Set(),
  };
}

function wrap(
  page: Page,
  given: unknown,
  options: DiagnosticsOptions | undefined,
  callers: readonly unknown[],
): unknown {
  const value = rawOf(given);
  const watched = watch(page, value, options, callers);
  return watched === value ? given : watched;
}

/** `readonly`, `reactive` and `ref` may be nested. */
const MAX_LAYERS = 8;

/**
 * Vue returns a proxy for whatever is put into reactive state, and another one for everything that is read through it. Seen through these,
 * a connection has two of each object, and everything that is read is tracked by the running effect. Vue's `toRaw` reads the same mark.
 */
function rawOf(value: unknown, depth = 0): unknown {
  const raw = isSocket(value) && (value as { __v_raw?: unknown }).__v_raw;
  // A mock may return something for every name, endlessly.
  return isSocket(raw) && depth < MAX_LAYERS ? rawOf(raw, depth + 1) : value;
}

function watch(
  page: Page,
  value: unknown,
  given: DiagnosticsOptions | undefined,
  callers: readonly unknown[],
): unknown {
  const misuse: TellMisuse = (name, ...about) => tellMisuse(page, name, ...about);
  if (!isSocket(value)) {
    misuse('noSocket', value);
    return attach(value, inertDiagnostics);
  }
  if ((value as { diagnostics?: unknown }).diagnostics) return value;
  const socket = value as unknown as ClientSocket;
  if (!Object.isExtensible(socket)) {
    misuse('notExtensible');
    return attach(value, inertDiagnostics);
  }
  const options = resolveOptions(given, misuse);
  return attach(
    value,
    watchSocket(page, socket, options, given ?? {}, options.lint ? lintFor(page, callers) : undefined),
  );
}

/** Nothing in a production build. */
function lintFor(page: Page, callers: readonly unknown[]): LintedMember | undefined {
  const checks = page.lint?.checks ?? usageChecks();
  if (!checks) return undefined;
  page.lint ??= { checks, register: checks.createConnectionRegister() };
  return { ...page.lint, madeAt: checks.appFrame(...callers) };
}

/**
 * `configurable`, so that `dispose()` can remove it again; not enumerable, so that nothing of ours is copied or printed along.
 *
 * @returns the value itself, or a view of it with the handle if the value cannot be extended
 */
function attach(value: unknown, diagnostics: Diagnostics): unknown {
  try {
    if (typeof value !== 'object' || value === null || 'diagnostics' in value) return value;
    if (Object.isExtensible(value)) {
      Object.defineProperty(value, 'diagnostics', { configurable: true, enumerable: false, value: diagnostics });
      return value;
    }
    return new Proxy(value, {
      get: (target, key) => (key === 'diagnostics' ? diagnostics : Reflect.get(target, key)),
    });
  } catch {
    return value;
  }
}

function isSocket(value: unknown): value is SocketLike {
  const { on, io } = Object(value);
  return typeof on === 'function' && typeof Object(io).on === 'function';
}
