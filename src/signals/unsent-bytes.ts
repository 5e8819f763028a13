import type { ClientEngine } from './client-shapes.js';

/**
 * What is waiting in the client's buffer or in the WebSocket's; 0 if neither can be read, because the close itself matters more.
 *
 * @param last the WebSocket that was in use: clients from 6.6 on have released it by the time they report the end
 */
export function unsentBytesOf(
  { writeBuffer, transport }: ClientEngine,
  last: { bufferedAmount?: number } | undefined,
): number {
  try {
    return sizeOf(writeBuffer) + (Number((transport?.ws ?? last)?.bufferedAmount) || 0);
  } catch {
    return 0;
  }
}

/** Bytes still to be sent, text counted as UTF-8. */
function sizeOf(writeBuffer: ClientEngine['writeBuffer']): number {
  let bytes = 0;
  for (const { data } of writeBuffer ?? []) {
    if (typeof data === 'string') bytes += new TextEncoder().encode(data).length;
    else bytes += Object(data).byteLength ?? Object(data).size ?? 0;
  }
  return bytes;
}
