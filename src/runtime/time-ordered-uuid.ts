import { globals } from './globals.js';

/** The number of hexadecimal digits that a version 7 UUID has for its time. */
const TIME_DIGITS = 12;

/**
 * A version 7 UUID (RFC 9562): it starts with the time in milliseconds, so that what is created at one time is stored together in the index
 * of a store. Random ids put each record on a page of its own, which costs a collector more than the record itself.
 */
export function timeOrderedUuid(): string {
  const { crypto } = globals();
  const bytes = new Uint8Array(16).map(() => Math.random() * 256);
  // Also on plain `http:` pages, where `crypto.randomUUID` is missing.
  crypto?.getRandomValues?.(bytes);
  const time = Date.now().toString(16).padStart(TIME_DIGITS, '0');
  let index = 0;
  return 'tttttttt-tttt-7xxx-yxxx-xxxxxxxxxxxx'.replace(/[txy]/g, (place) => {
    if (place === 't') return time[index++] as string;
    const byte = bytes[index >> 1] ?? 0;
    const nibble = index++ & 1 ? byte & 15 : byte >> 4;
    return (place === 'x' ? nibble : (nibble & 3) | 8).toString(16);
  });
}
