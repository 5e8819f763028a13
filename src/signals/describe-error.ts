import type { PlatformWords } from '../runtime/runtime.js';
import { classifyBody } from './classify-body.js';
import type { ClientEngine } from './client-shapes.js';
import type { ErrorFacts, KnownMessage } from './error-facts.js';
import { type Hosting, knownHosting } from './known-hosting.js';
import { pollingRequest } from './polling-request.js';
import { urlHost } from './url-host.js';

/** `describeError` with what is known about the connection. */
export type DescribeError = (error: unknown, engine?: ClientEngine) => ErrorFacts;

/** Host and port that the client was given. */
export interface DialledTarget {
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

const KNOWN: readonly KnownMessage[] = [
  'xhr poll error',
  'xhr post error',
  'fetch read error',
  'fetch write error',
  'websocket error',
  'webtransport error',
  'server error',
  'parser error',
  'timeout',
  'No transports available',
  'Invalid namespace',
];

/**
 * Keeps what is safe and useful of an error. Must be called inside the event handler: engine.io-client aborts the XHR right after emitting,
 * and in Chromium its status and body are gone a microtask later.
 *
 * @param engine where the failed request is looked up if the error does not carry it
 * @param platform reads the platform's error messages, if it has any
 */
export function describeError(
  error: unknown,
  target?: DialledTarget,
  engine?: ClientEngine,
  { platformReason, systemErrorCode }: PlatformWords = {},
): ErrorFacts {
  const raw = typeof error === 'string' ? { message: error } : Object(error);
  const message = read(raw, 'message');
  const isPolling = typeof message === 'string' && /^(xhr|server) /.test(message);
  const context = Object(read(raw, 'context') ?? (isPolling ? pollingRequest(engine, message) : undefined));
  const description = read(raw, 'description');
  const cause = systemError(read(context, 'statusText')) ?? systemErrorOf(description);
  const code = systemErrorCode?.(cause) ?? read(cause, 'code');
  const isFetch = typeof message === 'string' && message.startsWith('fetch ');
  // The fetch transport has no status if there was no response, where XMLHttpRequest has 0.
  const status = statusOf(description, context) ?? (isFetch ? 0 : undefined);
  const isThrown = isPolling && !cause && /^(Type|Reference)Error$/.test(String(read(description, 'name')));
  const text = cause ? undefined : read(context, 'responseText');
  // React Native puts its platform's message where the response would be (Libraries/Network/XMLHttpRequest.js, __didCompleteResponse).
  const isFailed = read(context, '_hasError') === true;
  const platform = platformReason?.(isFailed ? read(context, '_response') : read(description, 'message'));
  const hasBody = typeof text === 'string' && !isFailed && (text !== '' || (status !== undefined && status > 0));
  const dialled = target && (isSystemCode(code) ? dialledOf(cause, target) : answeredBy(context, target));
  return {
    message: knownMessage(message),
    ...(status !== undefined && { status }),
    ...(hasBody && { body: classifyBody(text, status) }),
    ...(isSystemCode(code) && { code }),
    ...(platform && !cause && { platform }),
    ...(dialled && { dialled }),
    ...(isThrown && { notSent: true as const }),
    ...retryAfter(status, context),
    ...hostingOf(status, context),
  };
}

/** When a rate limit says to come back, in seconds; the date form is rare and left out. */
function retryAfter(status: number | undefined, context: object): { retryAfterMs?: number } {
  if (status !== 429) return {};
  try {
    const { headers } = context as Partial<Response>;
    const header = headers?.get('retry-after') ?? (context as XMLHttpRequest).getResponseHeader('retry-after');
    const seconds = Number(header || Number.NaN);
    return Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
  } catch {
    // Throws in Node if there was no response, and does not exist before 4.5.
    return {};
  }
}

/** All headers at once: reading one that a page may not read causes a message on its console. */
function hostingOf(status: number | undefined, context: object): { hosting?: Hosting } {
  if (!status) return {};
  try {
    // The transport `Fetch` (4.8) exposes its response, the others their request.
    const { headers } = context as Partial<Response>;
    const hosting = knownHosting(
      headers
        ? [...headers.keys()]
        : (context as XMLHttpRequest)
            .getAllResponseHeaders()
            .toLowerCase()
            .split(/\r?\n/)
            .map((line) => line.split(':', 1)[0] ?? ''),
    );
    return hosting ? { hosting } : {};
  } catch {
    return {};
  }
}

function knownMessage(message: unknown): ErrorFacts['message'] {
  if (typeof message !== 'string') return 'other';
  // Client 3.x and later, over WebSocket, towards a 1.x or 2.x server (socket.io-client lib/socket.ts, onpacket).
  if (message.startsWith('It seems you are trying to reach a Socket.IO server in v2.x')) return 'v2 server';
  return KNOWN.find((known) => known === message) || 'other';
}

/**
 * `ECONNREFUSED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `WS_ERR_UNEXPECTED_RSV_1`: any other text belongs to somebody else and may say anything.
 */
function isSystemCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code);
}

function statusOf(description: unknown, context: object): number | undefined {
  if (typeof description === 'number') return description;
  const status = read(context, 'status');
  if (typeof status === 'number') return status;
  // ws in Node: "Unexpected server response: 403"; before ws 3 "unexpected server response (403)". React Native: "Expected HTTP 101
  // response but was '403 Forbidden'" by OkHttp, "received bad response code from server: 403." by SocketRocket, which is its WebSocket on
  // iOS.
  const refused =
    /(?:unexpected server response:? \(?|expected HTTP 101 response but was '|bad response code from server:? )(\d{3})/i.exec(
      String(read(description, 'message') ?? ''),
    );
  return refused ? Number(refused[1]) : undefined;
}

function systemErrorOf(description: unknown): object | undefined {
  return systemError(read(description, 'error')) ?? systemError(description) ?? systemError(read(description, 'cause'));
}

/** An Error with a system or TLS code; for an AggregateError (both address families failed), the first one. */
function systemError(value: unknown): object | undefined {
  const errors = read(value, 'errors');
  const error = Array.isArray(errors) && errors.length > 0 ? errors[0] : value;
  return typeof read(error, 'code') === 'string' ? Object(error) : undefined;
}

/** A system error names where it failed: by name for DNS, by address and port for a connection. */
function dialledOf(cause: unknown, { host: given, port }: DialledTarget): ErrorFacts['dialled'] {
  const host = asDialled(given);
  const name = read(cause, 'hostname');
  if (typeof name === 'string') return asDialled(name) === host ? 'target' : 'elsewhere';
  const failed = { address: read(cause, 'address'), port: read(cause, 'port') };
  if (typeof failed.port !== 'number') return undefined;
  if (String(failed.port) !== port) return 'elsewhere';
  if (failed.address === host) return 'target';
  if (typeof failed.address !== 'string') return undefined;
  // A name may resolve to any address.
  return /^[\d.]+$/.test(host) || host.includes(':') ? 'elsewhere' : undefined;
}

/**
 * Where the response came from, if the client was led to another address; the transport `Fetch` (4.8) has it under another name. Even
 * without a redirect, the scheme may differ, and so may a default port: by Strict-Transport-Security or `upgrade-insecure-requests`.
 */
function answeredBy(context: object, { host, port, path }: DialledTarget): ErrorFacts['dialled'] {
  try {
    const url = String(read(context, 'responseURL') ?? read(context, 'url'));
    const answered = new URL(url);
    const isSame =
      answered.hostname.replace(/^\[|\]$/g, '') === asDialled(host) &&
      answered.pathname === new URL(path, url).pathname &&
      (!answered.port || answered.port === port);
    return isSame ? undefined : 'elsewhere';
  } catch {
    // Nothing is said about the address of a response that may not be read, or that never came.
    return undefined;
  }
}

/** A host as URLs write it: in small letters, other scripts as Punycode, addresses in full; `ws` dials it so, Node's XMLHttpRequest as given. */
function asDialled(host: string): string {
  try {
    return new URL(`http://${urlHost(host)}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return host;
  }
}

/** Reads a property that may be a throwing getter on a foreign object. */
function read(value: unknown, key: string): unknown {
  try {
    return value === null || value === undefined ? undefined : (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
