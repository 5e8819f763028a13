import { withDiagnostics } from '../../src/index.node.js';
import { judge } from '../../src/judge.js';
import { createWithDiagnostics } from '../../src/observe.js';
import type { DiagnosticsOptions } from '../../src/options.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { type ClientVersion, nodeClient } from '../faults/_kit/client-version.js';
import type { Listening } from '../faults/_kit/listen.js';
import { type SocketIoServer, type SocketIoSetup, startSocketIo } from '../faults/_kit/socketio-server.js';

/** Every installed client that runs in Node. */
export const CLIENTS: readonly ClientVersion[] = ['1', '2', '3', '4.0', '4.5', '4'];

type Listener = (...values: never[]) => void;

/** What these tests use of a client socket of any major. */
export interface AnySocket {
  on(event: string, listener: Listener): unknown;
  once(event: string, listener: Listener): unknown;
  off(event?: string, listener?: Listener): unknown;
  emit(event: string, ...values: unknown[]): unknown;
  listeners(event: string): unknown[];
  connect(): unknown;
  disconnect(): unknown;
  connected: boolean;
  id?: string;
  io: AnyManager;
}

export interface AnyManager {
  on(event: string, listener: Listener): unknown;
  once(event: string, listener: Listener): unknown;
  off(event: string, listener?: Listener): unknown;
  listeners(event: string): unknown[];
  socket(namespace: string): AnySocket;
  engine?: AnyEngine;
}

export interface AnyEngine {
  on(event: string, listener: Listener): unknown;
  once(event: string, listener: Listener): unknown;
  listeners(event: string): unknown[];
  close(): unknown;
  readonly readyState: string;
  readonly id?: string;
  readonly transport?: { readonly name: string; close(): unknown };
}

/** Nothing is asked over the network unless a test is about that. */
export const QUIET: DiagnosticsOptions = { probe: 'never' };

/** Saves time and shares nothing with other tests. */
export const ALONE = { forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 40, timeout: 5_000 } as const;

export function dial(version: ClientVersion, url: string, options: object = {}): AnySocket {
  return nodeClient(version)(url, { ...ALONE, ...options }) as unknown as AnySocket;
}

export const watch = (socket: AnySocket, options: DiagnosticsOptions = QUIET) => withDiagnostics(socket, options);

/** `withDiagnostics` of a page of its own, with some of its runtime replaced. */
export function pageOf(replaced: Partial<Runtime> = {}) {
  return createWithDiagnostics(() => ({ ...nodeRuntime(), ...replaced }), judge);
}

/** Resolves with the values of the next such event. */
export function next(emitter: { once(event: string, listener: Listener): unknown }, event: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    emitter.once(event, (...values: unknown[]) => resolve(values));
  });
}

/** Resolves with what the handle tells when `fits`. */
export function nextTold<T>(
  diagnostics: { on(event: never, listener: (told: never) => void): void },
  event: string,
  fits: (told: T) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve) => {
    diagnostics.on(event as never, ((told: T) => fits(told) && resolve(told)) as never);
  });
}

/** Everything that an emitter of any version listens to, as counts by event. */
export function listenerCounts(emitter: object | undefined): Record<string, number> {
  // component-emitter keeps one array for each event, under a key that begins with `$`.
  const kept = Object(emitter)._callbacks ?? {};
  const counts: Record<string, number> = {};
  for (const [key, listeners] of Object.entries(kept as Record<string, unknown[]>)) {
    if (listeners.length > 0) counts[key.replace(/^\$/, '')] = listeners.length;
  }
  return counts;
}

/** A server of the newest major that lets clients of every major in and sends `echo` back. */
export function startEcho(setup: SocketIoSetup = {}): Promise<Listening & { readonly io: SocketIoServer }> {
  return startSocketIo({
    ...setup,
    options: { allowEIO3: true, ...setup.options },
    setup(io) {
      io.on('connection', (socket) => {
        socket.on('echo', (value: unknown, reply: (value: unknown) => void) => reply(value));
      });
      setup.setup?.(io);
    },
  });
}

export function echo(socket: AnySocket, value: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    socket.emit('echo', value, resolve);
  });
}

/** Collects what reached the process while it was watched; vitest fails on it, too, but would not say which test it was. */
export function watchHost(): { readonly escaped: unknown[]; stop(): void } {
  const escaped: unknown[] = [];
  const note = (error: unknown) => void escaped.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  return {
    escaped,
    stop() {
      process.off('uncaughtException', note);
      process.off('unhandledRejection', note);
    },
  };
}

/** Ends everything that a test started, sockets before servers. */
export function createCleanup() {
  const tasks: (() => unknown)[] = [];
  return {
    add<T>(thing: T, end: (thing: T) => unknown): T {
      tasks.push(() => end(thing));
      return thing;
    },
    async run() {
      for (const task of tasks.splice(0).reverse()) await task();
    },
  };
}
