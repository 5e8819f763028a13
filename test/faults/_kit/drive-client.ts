import type { Incident } from '../../../src/incidents/incident.js';
import type { Timeline } from '../../../src/signals/timeline.js';
import type { AskedRequests } from '../../browser/watch-requests.js';
import type { PageSighting } from '../../privacy/page-spy.js';

/** The part of a client socket that is the same from 1.x to 4.x. */
export interface DrivenSocket {
  // biome-ignore lint/suspicious/noExplicitAny: listeners of every event of every major
  on(event: string, listener: (...values: any[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
  off(event: string): unknown;
  connect(): unknown;
  disconnect(): unknown;
  readonly connected: boolean;
  readonly id?: string;
  readonly io: DrivenManager;
}

export interface DrivenManager {
  // biome-ignore lint/suspicious/noExplicitAny: listeners of every event of every major
  on(event: string, listener: (...values: any[]) => void): unknown;
  socket(namespace: string): DrivenSocket;
  readonly engine?: {
    // biome-ignore lint/suspicious/noExplicitAny: listeners of every event of every major
    on(event: string, listener: (...values: any[]) => void): unknown;
    close(): unknown;
    readonly transport?: { readonly name: string };
  };
}

export type Connect = (url: string | undefined, options: object) => DrivenSocket;

/** What app code can do besides its first socket. */
export interface DrivenApp {
  readonly url: string;
  /** `io()` with the options of the run, overridden by `options`, watched like the first socket. */
  connect(options?: object, url?: string): DrivenSocket;
}

/** The part of the SDK's handle that a run needs. */
export interface DrivenDiagnostics {
  on(event: string, listener: (event: never) => void): unknown;
  readonly current: Incident | undefined;
  report(): { readonly json: { readonly timeline: Timeline } };
  dispose(): void;
}

export type Wrap = (
  socket: DrivenSocket,
  options?: object,
) => DrivenSocket & { readonly diagnostics: DrivenDiagnostics };

/** Instructions for a client; plain JSON, functions as text. */
export interface ClientScript {
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly makeOptions?: string;
  readonly transportClasses?: readonly string[];
  readonly onCreate?: string;
  readonly onConnect?: string;
  /** Options of the SDK. */
  readonly diagnostics?: Readonly<Record<string, unknown>>;
  /** Without the SDK: only the client's own events are reported. */
  readonly raw?: boolean;
  /** A collector's URL: at the end, the page reports what the SDK said, asked, stored and showed. */
  readonly spyFor?: string;
}

/** What a client reports while it runs. */
export type ClientEvent =
  | { readonly type: 'connected' }
  /** The first connection runs over WebSocket, from the start or after its upgrade. */
  | { readonly type: 'on-websocket' }
  | { readonly type: 'raw'; readonly event: RawEvent }
  | { readonly type: 'incident'; readonly incident: Incident }
  /** Everything that was seen, reported at the end. */
  | { readonly type: 'timeline'; readonly timeline: Timeline }
  | ({ readonly type: 'seen' } & PageSighting)
  /** Only in a page, reported at the end. */
  | ({ readonly type: 'asked' } & AskedRequests)
  /** The browser wrote an error to its console. Chromium only. */
  | { readonly type: 'red-line'; readonly url: string }
  | { readonly type: 'broken'; readonly message: string; readonly isUncaught?: true };

/** An event of the client library itself, as far as it can be printed. */
export interface RawEvent {
  readonly at: number;
  readonly name: string;
  readonly message?: string;
  readonly status?: number;
  readonly code?: string;
  readonly body?: string;
  readonly closeCode?: number;
}

/** Runs one client, in Node and in a page alike, and reports what it does until it is stopped. */
export function driveClient({
  io,
  wrap,
  script,
  transports = {},
  report,
}: {
  readonly io: Connect;
  readonly wrap: Wrap | undefined;
  readonly script: ClientScript;
  /** The client's transport classes by name. */
  readonly transports?: Readonly<Record<string, unknown>>;
  readonly report: (event: ClientEvent) => void;
}): () => void {
  const startedAt = Date.now();
  const note = (name: string, error?: unknown, details?: unknown) =>
    report({
      type: 'raw',
      event: { at: Date.now() - startedAt, name, ...describe(error), ...describeDetails(details) },
    });

  const options = { ...script.diagnostics };
  const others: DrivenSocket[] = [];
  const app: DrivenApp = {
    url: script.url,
    connect(given, url = script.url) {
      const other = io(url || undefined, { ...script.options, ...given });
      others.push(other);
      const watched = wrap?.(other, options).diagnostics;
      watched?.on('diagnosis', ({ incident }: { incident: Incident }) => report({ type: 'incident', incident }));
      return other;
    },
  };
  let socket: DrivenSocket;
  let diagnostics: DrivenDiagnostics | undefined;
  try {
    const made = script.makeOptions === undefined ? {} : make(script.makeOptions);
    const classes = script.transportClasses?.map((name) => transports[name]);
    socket = io(script.url || undefined, { ...script.options, ...(classes && { transports: classes }), ...made });
    diagnostics = wrap?.(socket, options).diagnostics;
  } catch (error) {
    report({ type: 'broken', message: String(error) });
    return () => {};
  }

  const tellIncident = (incident: Incident | undefined) => incident && report({ type: 'incident', incident });
  diagnostics?.on('incident', ({ incident }: { incident: Incident }) => tellIncident(incident));
  diagnostics?.on('diagnosis', ({ incident }: { incident: Incident }) => tellIncident(incident));
  // New signals change the timeline without an event of their own: check again after everything that happens.
  const look = () => setTimeout(() => tellIncident(diagnostics?.current), 0);

  let first = true;
  socket.on('connect', () => {
    note(`connect (${socket.io.engine?.transport?.name})`);
    if (first) {
      first = false;
      run(script.onConnect, socket, app);
      report({ type: 'connected' });
      if (socket.io.engine?.transport?.name === 'websocket') report({ type: 'on-websocket' });
    }
    look();
  });
  for (const name of ['connect_error', 'error', 'disconnect'] as const) {
    socket.on(name, (error: unknown, details: unknown) => {
      note(name, error, details);
      look();
    });
  }
  socket.io.on('reconnect_attempt', (attempt: number) => note(`reconnect_attempt ${attempt}`));
  socket.io.on('reconnect_failed', () => note('reconnect_failed'));
  const watchUpgrade = () => {
    socket.io.engine?.on('upgrade', () => {
      note('upgrade');
      if (!first) report({ type: 'on-websocket' });
    });
    socket.io.engine?.on('upgradeError', (error: unknown) => {
      note('upgradeError', error);
      look();
    });
  };
  watchUpgrade();
  run(script.onCreate, socket, app);
  // With `autoConnect: false` the first engine exists only now.
  if (script.options.autoConnect === false) watchUpgrade();

  return () => {
    if (diagnostics) report({ type: 'timeline', timeline: diagnostics.report().json.timeline });
    diagnostics?.dispose();
    for (const each of [socket, ...others]) each.disconnect();
  };
}

/** Functions sent as text may contain esbuild's name keeper. */
function make(text: string): object {
  return new Function('__name', `return (${text})()`)((named: unknown) => named);
}

function run(text: string | undefined, socket: DrivenSocket, app: DrivenApp): void {
  // esbuild's name keeper, which functions sent as text may contain.
  const name = (named: unknown) => named;
  if (text !== undefined) new Function('socket', 'app', '__name', `return (${text})(socket, app)`)(socket, app, name);
}

function describe(error: unknown): Partial<RawEvent> {
  if (error === undefined) return {};
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  // Fields that engine.io-client adds to its errors; which of them exist depends on the version and on the transport.
  const { message, description, context, code } = error as {
    message?: string;
    description?: number | { message?: string; error?: { code?: string } };
    context?: { status?: number; responseText?: string; statusText?: { code?: string } };
    code?: string;
  };
  const status = typeof description === 'number' ? description : context?.status;
  const told = typeof description === 'object' ? description?.message : undefined;
  const systemCode =
    code ?? context?.statusText?.code ?? (typeof description === 'object' ? description?.error?.code : undefined);
  return {
    message: told ? `${message}: ${told}` : String(message),
    ...(status === undefined ? {} : { status }),
    ...(systemCode === undefined ? {} : { code: systemCode }),
    ...(context?.responseText ? { body: context.responseText.slice(0, 60) } : {}),
  };
}

function describeDetails(details: unknown): Partial<RawEvent> {
  const closeCode = (details as { context?: { code?: number } } | undefined)?.context?.code;
  return typeof closeCode === 'number' ? { closeCode } : {};
}
