/** One `close` for everything that a fault started, in the order given. */
export function closeAll(...parts: readonly { close(): Promise<void> }[]): () => Promise<void> {
  return async () => {
    for (const part of parts) await part.close();
  };
}
