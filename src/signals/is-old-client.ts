import type { ClientManager } from './client-shapes.js';

/** Whether the client is 1.x or 2.x: the Manager of 1.x has `emitAll`, that of 2.x `generateId`, and neither is in 3.0 and later. */
export function isOldClient({ emitAll, generateId }: ClientManager): boolean {
  return Boolean(emitAll || generateId);
}
