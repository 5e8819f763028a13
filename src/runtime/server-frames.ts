import { isUtf8 } from 'node:buffer';

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  /**
   * False if every client has to fail the connection (RFC 6455, sections 5.2 to 5.6): a mask, a reserved bit, an invalid opcode, a
   * continuation of nothing, a text that is not UTF-8.
   */
  readonly isValid: boolean;
}

const MAX_FRAME_BYTES = 65_536;
const TEXT = 0x1;
const CONTROL = 0x8;
const OPCODES = [0x0, TEXT, 0x2, CONTROL, 0x9, 0xa];

/**
 * Reads the frames that a WebSocket server sends. Returns a function that takes bytes and returns the frames they complete, with a message
 * in several frames as one. Of a frame longer than 64 KiB, the beginning is returned, and nothing after it.
 */
export function serverFrames(): (bytes: Buffer) => ServerFrame[] {
  let pending: Buffer = Buffer.alloc(0);
  let overlong = false;
  /** A message whose last frame has not arrived. */
  let begun: { readonly opcode: number; readonly payload: Buffer } | undefined;

  function next(): (ServerFrame & { readonly isLast: boolean }) | undefined {
    const [first, second] = pending;
    if (overlong || first === undefined || second === undefined) return undefined;
    const short = second & 0x7f;
    const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (pending.length < headBytes) return undefined;
    const length = short === 127 ? Number(pending.readBigUInt64BE(2)) : short === 126 ? pending.readUInt16BE(2) : short;
    const end = headBytes + Math.min(length, MAX_FRAME_BYTES);
    const opcode = first & 0x0f;
    const isLast = first >= 0x80;
    const isInOrder = opcode >= CONTROL ? isLast : (opcode === 0) === (begun !== undefined);
    const isValid = OPCODES.includes(opcode) && isInOrder && (first & 0x70) === 0 && second < 0x80;
    // What is not a frame has no length either.
    if (!isValid) overlong = true;
    else if (pending.length < end) return undefined;
    else overlong = length > MAX_FRAME_BYTES;
    const payload = pending.subarray(headBytes, end);
    pending = pending.subarray(end);
    return { opcode, payload, isValid, isLast };
  }

  /** What a frame completes: itself, or the message that it ends. */
  function complete({ isLast, ...frame }: ServerFrame & { readonly isLast: boolean }): ServerFrame | undefined {
    if (!frame.isValid || frame.opcode >= CONTROL) return frame;
    const opcode = begun?.opcode ?? frame.opcode;
    const payload = begun ? Buffer.concat([begun.payload, frame.payload]) : frame.payload;
    if (payload.length > MAX_FRAME_BYTES) overlong = true;
    begun = isLast || overlong ? undefined : { opcode, payload };
    if (begun) return undefined;
    return { opcode, payload, isValid: opcode !== TEXT || overlong || isUtf8(payload) };
  }

  return (bytes) => {
    if (overlong) return [];
    pending = Buffer.concat([pending, bytes]);
    const frames: ServerFrame[] = [];
    for (let frame = next(); frame; frame = next()) {
      const completed = complete(frame);
      if (completed) frames.push(completed);
    }
    return frames;
  };
}
