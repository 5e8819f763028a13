export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

const MAX_FRAME_BYTES = 65_536;

/**
 * Reads the frames that a WebSocket server sends, which are not masked (RFC 6455, section 5.2). Returns a function that takes bytes
 * and gives the frames they complete. Of a frame longer than 64 KiB the beginning is given, and nothing after it.
 */
export function serverFrames(): (bytes: Buffer) => ServerFrame[] {
  let pending: Buffer = Buffer.alloc(0);
  let overlong = false;

  function next(): ServerFrame | undefined {
    const [first, second] = pending;
    if (overlong || first === undefined || second === undefined) return undefined;
    const short = second & 0x7f;
    const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (pending.length < headBytes) return undefined;
    const length = short === 127 ? Number(pending.readBigUInt64BE(2)) : short === 126 ? pending.readUInt16BE(2) : short;
    const end = headBytes + Math.min(length, MAX_FRAME_BYTES);
    if (pending.length < end) return undefined;
    overlong = length > MAX_FRAME_BYTES;
    const payload = pending.subarray(headBytes, end);
    pending = pending.subarray(end);
    return { opcode: first & 0x0f, payload };
  }

  return (bytes) => {
    if (overlong) return [];
    pending = Buffer.concat([pending, bytes]);
    const frames: ServerFrame[] = [];
    for (let frame = next(); frame; frame = next()) frames.push(frame);
    return frames;
  };
}
