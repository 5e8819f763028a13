/** Node's fetch has words of its own for what the system calls otherwise (undici lib/core/errors.js). */
const FETCH_CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
};

/** The code of the operating system or TLS library in an error; of several tried addresses, the first one's. */
export function systemErrorCode(error: unknown): string | undefined {
  try {
    const { errors } = Object(error) as { errors?: unknown[] };
    const { code, message } = Object(errors?.[0] ?? error) as { code?: unknown; message?: unknown };
    if (typeof code !== 'string') return undefined;
    return FETCH_CODES[code] ?? (code === 'EPROTO' ? (openSslCode(message) ?? code) : code);
  } catch {
    // A getter of somebody else's.
    return undefined;
  }
}

/**
 * While the handshake is under way Node calls whatever OpenSSL says `EPROTO` and puts the reason into the message alone
 * (`write EPROTO …:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`); afterwards it names it as here.
 */
function openSslCode(message: unknown): string | undefined {
  const reason = /SSL routines:\w*:([^:]+):/.exec(String(message))?.[1];
  return reason && `ERR_SSL_${reason.toUpperCase().replace(/\W/g, '_')}`;
}
