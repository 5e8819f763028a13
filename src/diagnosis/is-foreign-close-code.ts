/**
 * Policy, internal error, try again later, bad gateway, and what belongs to applications (RFC 6455, section 7.4, with the registry of IANA):
 * Engine.IO never says these, so that code around it does, or a gateway in between.
 */
export function isForeignCloseCode(closeCode: number): boolean {
  return closeCode === 1008 || closeCode === 1011 || closeCode === 1013 || closeCode === 1014 || closeCode >= 3_000;
}
