/** One frame of a WebSocket server (RFC 6455, section 5.2), up to 125 bytes. */
export function serverFrame(opcode: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from([0x80 | opcode, bytes.length]), bytes]);
}

/** The frame with which a server starts to close, with a code. */
export function closingFrame(code: number): Buffer {
  return serverFrame(0x8, Buffer.from([code >> 8, code & 0xff]));
}
