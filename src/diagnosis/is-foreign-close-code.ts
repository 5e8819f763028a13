/** Policy, internal error, try again later, bad gateway (RFC 6455, section 7.4, with the registry of IANA). */
const OF_SERVERS: readonly number[] = [1008, 1011, 1013, 1014];

/** Whether a close code belongs to applications and their protocols (RFC 6455, section 7.4.2). */
export function isApplicationCloseCode(closeCode = 0): boolean {
  return closeCode >= 3_000;
}

/** Whether Engine.IO never says this close code, so that code around it does, or a gateway in between. */
export function isForeignCloseCode(closeCode = 0): boolean {
  return OF_SERVERS.includes(closeCode) || isApplicationCloseCode(closeCode);
}
