import { globals } from './globals.js';

/** A version 4 UUID; `crypto.randomUUID` exists only on secure pages, and a page on plain `http:` needs ids as well. */
export function randomUuid(): string {
  const { crypto } = globals();
  if (crypto?.randomUUID) return crypto.randomUUID();
  const bytes = new Uint8Array(16).map(() => Math.random() * 256);
  crypto?.getRandomValues?.(bytes);
  let index = 0;
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const byte = bytes[index >> 1] ?? 0;
    const nibble = index++ & 1 ? byte & 15 : byte >> 4;
    return (place === 'x' ? nibble : (nibble & 3) | 8).toString(16);
  });
}
