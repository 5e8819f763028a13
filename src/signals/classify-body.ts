import type { BodyKind, EngineErrorCode } from './body-kind.js';

/**
 * Reduces a response body to what it is. Nothing of the text survives. The status, where known, must fit as well.
 *
 * Engine.IO 4 opens with `0{"sid"`, Engine.IO 3 with a length prefix (`97:0{"sid"`; binary digits in 1.x). Errors of the Node
 * server are `{"code":n,"message":…}` (engine.io lib/server.ts), those of python-engineio JSON strings (src/engineio/base_server.py).
 */
export function classifyBody(text: string, status?: number): BodyKind {
  const body = text.trim();
  if (body === '') return { is: 'empty' };
  const opening = body.slice(0, 16).indexOf('0{"sid"');
  if (opening >= 0) {
    const protocol = opening === 0 ? 4 : /^\d+:0/.test(body) ? 3 : 2;
    return { is: 'engineio-open', protocol, ...(body.includes('"upgrades":[]') && { pollingOnly: true as const }) };
  }
  if (body.startsWith('<')) return { is: 'html' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { is: 'text' };
  }
  if (typeof value === 'string') return classifyPythonMessage(value) ?? { is: 'json' };
  return isEngineError(value, status)
    ? { is: 'engineio-error', code: codeOf(value.code) as EngineErrorCode }
    : { is: 'json' };
}

/** Messages by code (engine.io lib/server.ts, errorMessages). Code 4 comes with 403 and may carry a message of `allowRequest`. */
const MESSAGES = [
  'Transport unknown',
  'Session ID unknown',
  'Bad handshake method',
  'Bad request',
  'Forbidden',
  'Unsupported protocol version',
];

/** Many APIs answer `{code, message}`: only the very pairs of engine.io, with its statuses and nothing else beside them, are its own. */
function isEngineError(value: unknown, status: number | undefined): value is { code: unknown } {
  const { code: told, message, ...rest } = Object(value);
  const code = codeOf(told);
  if (typeof message !== 'string' || Object.keys(rest).length > 0 || code === undefined || MESSAGES[code] === undefined)
    return false;
  if (status !== undefined && status > 0 && status !== (code === 4 ? 403 : 400)) return false;
  return message === MESSAGES[code] || (code === 4 && status === 403);
}

/** socketioxide (Rust) writes the number as text. */
function codeOf(told: unknown): number | undefined {
  if (typeof told === 'number') return told;
  return typeof told === 'string' && /^[0-5]$/.test(told) ? Number(told) : undefined;
}

function classifyPythonMessage(message: string): BodyKind | undefined {
  if (message.startsWith('Invalid session')) return { is: 'engineio-error', code: 1 };
  if (message.startsWith('Invalid transport')) return { is: 'engineio-error', code: 0 };
  if (message.startsWith('Not an accepted origin')) return { is: 'engineio-error', code: 4, origin: true };
  if (message.startsWith('The client is using an unsupported version')) return { is: 'engineio-error', code: 5 };
  // What it says of everything else, before 2021-09 also of origins.
  if (message === 'Bad Request') return { is: 'engineio-error', code: 3 };
  return undefined;
}
