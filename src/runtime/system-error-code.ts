/** Node's fetch has names of its own for errors that the system names differently (undici lib/core/errors.js). */
const FETCH_CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
};

/** The code of the operating system or TLS library in an error; if several addresses were tried, that of the first one. */
export function systemErrorCode(error: unknown): string | undefined {
  try {
    const { errors } = Object(error) as { errors?: unknown[] };
    const { code, message } = Object(errors?.[0] ?? error) as { code?: unknown; message?: unknown };
    if (typeof code !== 'string') return undefined;
    return FETCH_CODES[code] ?? (code === 'EPROTO' ? (openSslCode(message) ?? code) : code);
  } catch {
    // Somebody else's getter.
    return undefined;
  }
}

/**
 * During the handshake, Node calls whatever OpenSSL reports `EPROTO` and puts the reason into the message alone (`write EPROTO
 * …:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`); afterwards it names it as here.
 */
function openSslCode(message: unknown): string | undefined {
  const reason = /SSL routines:\w*:([^:]+):/.exec(String(message))?.[1];
  return reason && `ERR_SSL_${reason.toUpperCase().replace(/\W/g, '_')}`;
}
