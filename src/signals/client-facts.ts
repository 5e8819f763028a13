import type { ClientManager, ClientSocket } from './client-shapes.js';
import { isOldClient } from './is-old-client.js';
import { pollingHeaders } from './polling-headers.js';
import type { ClientFacts, OptionFacts, TargetFacts } from './timeline.js';
import { urlFlaw } from './url-flaw.js';

/**
 * Recognizes the client's version by what exists on a live socket, as no version string is reachable. Before the first engine exists, 4.8
 * reads as 4.6-4.7 and 4.3 as 4.0-4.2.
 */
export function clientFacts(socket: ClientSocket): ClientFacts {
  const { io: manager } = socket;
  const engine = manager.engine;
  const protocol = Object(engine?.constructor).protocol;
  const known = protocol === 3 || protocol === 4 ? { protocol: protocol as 3 | 4 } : undefined;
  if (!socket.onAny) {
    if (manager.generateId) return { major: 2, version: '2', protocol: 3 };
    if (manager.emitAll) return { major: 1, version: '1', protocol: 3 };
    return { major: 0, version: 'unknown', ...known };
  }
  const facts = { ...known, protocol: known?.protocol ?? (4 as const) };
  if (!socket.emitReserved) return { major: 3, version: '3', ...facts };
  const version =
    engine && !engine.probe
      ? '4.8+'
      : socket.emitWithAck
        ? '4.6-4.7'
        : socket.onAnyOutgoing
          ? '4.5'
          : socket.timeout
            ? '4.4'
            : engine?.emitReserved
              ? '4.3'
              : '4.0-4.2';
  return { major: 4, version, ...facts };
}

/** Where the client dials, without user info, query and fragment. */
export function targetFacts(
  manager: ClientManager,
  page: { readonly scheme: string; readonly host: string } | undefined,
): TargetFacts {
  const engine = manager.engine;
  const opts = engine?.opts ?? manager.opts ?? {};
  const parsed = parse(manager.uri, page);
  const secure =
    typeof engine?.secure === 'boolean'
      ? engine.secure
      : typeof opts.secure === 'boolean'
        ? opts.secure
        : parsed?.secure === true;
  const dialled = text(engine?.hostname) || text(opts.hostname) || parsed?.host || '';
  // The client takes what follows an `@` in a password to be the host.
  const host = dialled.replace(/^[\s\S]*@/, '');
  const defaultPort = secure ? '443' : '80';
  const port = text(engine?.port) || text(opts.port) || parsed?.port || defaultPort;
  const origin = `${secure ? 'https:' : 'http:'}//${port === defaultPort ? host : `${host}:${port}`}`;
  return {
    secure,
    host,
    port,
    path: requestPath(opts),
    sameOrigin: page !== undefined && `${page.scheme}//${page.host}` === origin,
  };
}

function parse(uri: string | undefined, page: { readonly scheme: string } | undefined) {
  if (!uri) return undefined;
  try {
    const url = new URL(uri.startsWith('//') ? `${page?.scheme ?? 'http:'}${uri}` : uri);
    const secure = url.protocol === 'https:' || url.protocol === 'wss:';
    return { secure, host: url.hostname, port: url.port || (secure ? '443' : '80') };
  } catch {
    return undefined;
  }
}

/** engine.io-client cuts one trailing slash and appends one, unless `addTrailingSlash` is false (4.6 and later). */
function requestPath(opts: Record<string, unknown>): string {
  const path = (text(opts.path) || '/socket.io').replace(/\/$/, '').split(/[?#]/)[0] ?? '';
  return opts.addTrailingSlash === false ? path : `${path}/`;
}

function pathEnd(path: unknown): Pick<OptionFacts, 'pathHolds'> {
  const end = /[?#]/.exec(text(path) ?? '')?.[0];
  return end === '?' || end === '#' ? { pathHolds: end } : {};
}

export function optionFacts(manager: ClientManager, auth: unknown): OptionFacts {
  const opts = manager.opts ?? {};
  const engineOpts = manager.engine?.opts ?? opts;
  const credentials = engineOpts.withCredentials ?? opts.withCredentials;
  const flaw = urlFlaw(manager.uri, opts.query);
  return {
    transports: transportNames(opts.transports ?? engineOpts.transports),
    upgrade: (opts.upgrade ?? engineOpts.upgrade) !== false,
    // 1.x always sends credentials, 2.x does by default (engine.io-client 1.8 and 3.5, lib/socket.js), 3.x and later only on request.
    withCredentials: isOldClient(manager) ? credentials !== false : credentials === true,
    ...pathEnd(opts.path ?? engineOpts.path),
    ...(Boolean(engineOpts.cert ?? engineOpts.pfx) && { hasCertificate: true as const }),
    ...(flaw && { urlFlaw: flaw }),
    hasExtraHeaders: hasKeys(pollingHeaders(manager)),
    hasQuery: hasKeys(opts.query),
    hasAuth: auth !== undefined && auth !== null,
    // A custom parser is a module other than the one that every Manager carries by default, which is not in `opts`.
    customParser: opts.parser !== undefined && opts.parser !== null,
    reconnection: call(manager, 'reconnection') !== false,
    reconnectionAttempts: finite(call(manager, 'reconnectionAttempts')),
    timeoutMs: finite(call(manager, 'timeout')),
  };
}

/** A transport is a name or, from 4.8 on, a class whose prototype carries the name. */
function transportNames(value: unknown): string[] {
  if (!Array.isArray(value)) return ['polling', 'websocket'];
  return value.map((item) => (typeof item === 'string' ? item : text(Object(item).prototype?.name) || 'custom'));
}

function call(manager: ClientManager, getter: 'reconnection' | 'reconnectionAttempts' | 'timeout'): unknown {
  const method = manager[getter];
  return typeof method === 'function' ? method.call(manager) : undefined;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function hasKeys(value: unknown): boolean {
  return value !== null && typeof value === 'object' && Object.keys(value).length > 0;
}
