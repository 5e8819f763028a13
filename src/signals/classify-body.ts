import type { BodyKind, EngineErrorCode } from './body-kind.js';

/**
 * Reduces a response body to its kind. Nothing of the text survives. The status, if known, must fit as well.
 *
 * Engine.IO 4 opens with `0{"sid"` and ends there, or continues after a record separator; Engine.IO 3 with a length prefix (`97:0{"sid"`;
 * binary digits in 1.x). Errors of the Node server are `{"code":n,"message":…}` (engine.io lib/server.ts), those of python-engineio JSON
 * strings (src/engineio/base_server.py).
 */
export function classifyBody(text: string, status?: number): BodyKind {
  const body = text.trim();
  // `trim` removes a byte order mark, which no client does: its XMLHttpRequest in Node passes it on, and the client reads an unknown
  // packet.
  if (text.startsWith('\ufeff') && body.includes('0{"sid"')) return { is: 'engineio-altered' };
  if (body === '') return { is: 'empty' };
  // The magic number of gzip, as it is or decoded as UTF-8 (RFC 1952, section 2.3.1).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with one
  if (/^\x1f[\x8b\ufffd]\x08/.test(body)) return { is: 'compressed' };
  const opening = body.slice(0, 16).indexOf('0{"sid"');
  const protocol = opening < 0 ? undefined : protocolOf(body.slice(0, opening));
  if (protocol) {
    if (protocol === 4 && !isHandshake(body.slice(1).split('\u001e', 1)[0] ?? '')) return { is: 'engineio-altered' };
    return { is: 'engineio-open', protocol, ...(body.includes('"upgrades":[]') && { pollingOnly: true as const }) };
  }
  // With a 4 in front it is a CONNECT packet, which no handshake starts with.
  if (opening > 0 && body[opening - 1] !== '4') return { is: 'engineio-altered' };
  // A handshake without a session id.
  if (/^(\d+:)?0\{"\w+":.*"ping(Interval|Timeout)":/.test(body)) return { is: 'engineio-altered' };
  // No page of documentation has the fields of a handshake unescaped and in a row.
  if (/0\{"sid":"[\w-]+","upgrades":\[/.test(body)) return { is: 'engineio-altered' };
  if (wantsCertificate(body, status)) return { is: 'certificate-wanted' };
  if (body.startsWith('<')) return { is: 'html' };
  // Node 20 lib/internal/http2/core.js, connectionListener, with status 403.
  if (status === 403 && /^(Unknown|Missing) ALPN Protocol, expected `h2`/.test(body)) return { is: 'http2-only' };
  // The Node server answers an upgrade with the message alone (engine.io lib/server.ts, abortUpgrade).
  if (status === 400 && body === 'Session ID unknown') return { is: 'engineio-error', code: 1 };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { is: 'text' };
  }
  // An API gateway has put it into quotes or into an envelope of its own.
  const wrapped = typeof value === 'string' ? [value] : Object.values(Object(value));
  if (wrapped.some((text) => typeof text === 'string' && text.startsWith('0{"sid"'))) return { is: 'engineio-altered' };
  if (typeof value === 'string') return classifyPythonMessage(value) ?? { is: 'json' };
  if (isBareRefusal(value, status)) return { is: 'engineio-error', code: 4 };
  if (!isEngineError(value, status)) return { is: 'json' };
  const code = codeOf(value.code) as EngineErrorCode;
  return { is: 'engineio-error', code, ...((value.code === 3 || value.code === 5) && { ownWords: true as const }) };
}

/**
 * nginx accepts the connection and says so on its own page with 400 (src/http/ngx_http_special_response.c, 495 and 496), Kong with 401 and
 * IIS with 403.7 and 403.16, each with words used only for this.
 */
function wantsCertificate(body: string, status: number | undefined): boolean {
  if (status === undefined || ![400, 401, 403, 495, 496].includes(status)) return false;
  return /\bNo required (SSL|TLS) certificate was sent\b|\b400 The SSL certificate error\b|\b403\.(7 |16 )?.{0,20}client certificate\b/i.test(
    body,
  );
}

/** By what precedes the opening packet: nothing, its length in digits, or its length in binary digits between two marks. */
function protocolOf(before: string): 2 | 3 | 4 | undefined {
  if (before === '') return 4;
  if (/^\d+:$/.test(before)) return 3;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is made of them
  return /^\x00[\x00-\x09]+[\xff\ufffd]$/.test(before) ? 2 : undefined;
}

/** Without a list of upgrades, clients of 4.x break (engine.io-client lib/socket.ts, onHandshake), so no server leaves it out. */
function isHandshake(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text).upgrades);
  } catch {
    return false;
  }
}

/** Messages by code (engine.io lib/server.ts, errorMessages). Code 4 comes with 403 and may carry a message by `allowRequest`. */
const MESSAGES = [
  'Transport unknown',
  'Session ID unknown',
  'Bad handshake method',
  'Bad request',
  'Forbidden',
  'Unsupported protocol version',
];

/**
 * Many APIs respond with `{code, message}`: only the exact pairs of engine.io, with its statuses and nothing else beside them, are its own.
 */
function isEngineError(value: unknown, status: number | undefined): value is { code: unknown } {
  const { code: told, message, ...rest } = Object(value);
  const code = codeOf(told);
  if (typeof message !== 'string' || Object.keys(rest).length > 0 || code === undefined || MESSAGES[code] === undefined)
    return false;
  if (status !== undefined && status > 0 && status !== (code === 4 ? 403 : 400)) return false;
  return message === MESSAGES[code] || (code === 4 && status === 403);
}

/**
 * Engine.IO 1.x, used by Socket.IO 1.x, puts what `allowRequest` says in place of the code and has no message for it (lib/server.js,
 * sendErrorMessage).
 */
function isBareRefusal(value: unknown, status: number | undefined): boolean {
  if (status !== 400 || typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).join() === 'code';
}

/** socketioxide (Rust) writes the number as a string. */
function codeOf(told: unknown): number | undefined {
  if (typeof told === 'number') return told;
  return typeof told === 'string' && /^[0-5]$/.test(told) ? Number(told) : undefined;
}

function classifyPythonMessage(message: string): BodyKind | undefined {
  if (message.startsWith('Invalid session')) return { is: 'engineio-error', code: 1 };
  if (message.startsWith('Invalid transport')) return { is: 'engineio-error', code: 0 };
  // The servers for asyncio put the origin in front (async_server.py, handle_request).
  if (/^(\S+ is )?not an accepted origin/i.test(message)) return { is: 'engineio-error', code: 4, origin: true };
  if (message.startsWith('The client is using an unsupported version')) return { is: 'engineio-error', code: 5 };
  // Its message for everything else, and before 2021-09 also for origins.
  if (message === 'Bad Request') return { is: 'engineio-error', code: 3 };
  return undefined;
}
