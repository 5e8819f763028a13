/**
 * Whether OpenSSL got a response that was not TLS, by the code of its error (Node 20 to 24). `EPROTO` without its reason, from runtimes
 * that imitate Node, says too little.
 */
export function isPlainText(code: string): boolean {
  return /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL)$/.test(code);
}
