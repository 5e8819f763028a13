/** Policy, internal error, try again later, bad gateway (RFC 6455, section 7.4, with the IANA registry). */
const OF_SERVERS: readonly number[] = [1008, 1011, 1013, 1014];
/**
 * Protocol error, unacceptable data, data of the wrong type, a missing extension: what WebSocket libraries say about frames that they
 * cannot accept and that the client did not send that way.
 */
const OF_FRAMES: readonly number[] = [1002, 1003, 1007, 1010];

/** Whether a close code belongs to applications and their protocols (RFC 6455, section 7.4.2). */
export function isApplicationCloseCode(closeCode = 0): boolean {
  return closeCode >= 3_000;
}

/** Whether Engine.IO never sends this close code, so that code around it does, or a gateway in between. */
export function isForeignCloseCode(closeCode = 0): boolean {
  return OF_SERVERS.includes(closeCode) || OF_FRAMES.includes(closeCode) || isApplicationCloseCode(closeCode);
}
