/** What can be known of a failed request in Node, from which a phone's words are made. */
export interface NodeFailure {
  readonly code?: string;
  readonly message: string;
  readonly address?: string;
}

export interface Platform {
  readonly os: 'android' | 'ios';
  /** Whether the app is built so that it may talk to servers without TLS. */
  readonly permitsCleartext: boolean;
}

/** The refusal of a request that the platform does not even try. */
export function cleartextRefusal({ os }: Platform, { hostname }: URL): string {
  return os === 'android'
    ? `CLEARTEXT communication to ${hostname} not permitted by network security policy`
    : 'The resource could not be loaded because the App Transport Security policy requires the use of a secure connection.';
}

/** The message of OkHttp on Android, or of NSURLSession on iOS, for what Node met. */
export function wordsFor({ os }: Platform, { hostname, port }: URL, { code = '', address }: NodeFailure): string {
  const isCertificate = /CERT|SIGNATURE/.test(code);
  if (os === 'android') {
    if (code === 'ECONNREFUSED') return `Failed to connect to ${hostname}/${address ?? hostname}:${port}`;
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      return `Unable to resolve host "${hostname}": No address associated with hostname`;
    if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
      return `failed to connect to /${address} (port ${port}) from /:: (port 0): connect failed: ${code} (Network is unreachable)`;
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `Hostname ${hostname} not verified:\n    certificate: sha256/`;
    if (isCertificate)
      return 'java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.';
    if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'Unable to parse TLS packet header';
    return `unexpected end of stream on http://${hostname}:${port}/...`;
  }
  if (code === 'ECONNREFUSED' || code === 'ENETUNREACH') return 'Could not connect to the server.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'A server with the specified hostname could not be found.';
  if (isCertificate)
    return `The certificate for this server is invalid. You might be connecting to a server that is pretending to be “${hostname}” which could put your confidential information at risk.`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return 'An SSL error has occurred and a secure connection to the server cannot be made.';
  return 'The network connection was lost.';
}
