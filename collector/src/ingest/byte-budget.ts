/** Limits what all requests together may hold in memory until they are answered. */
export interface ByteBudget {
  /** How many bytes are held now. */
  readonly heldBytes: number;
  open(): ByteHold;
}

/** What one request holds. */
export interface ByteHold {
  /** False, and nothing is taken, if there is no room for that many more bytes. */
  grow(bytes: number): boolean;
  /** Gives everything back; does nothing the second time. */
  release(): void;
}

export function createByteBudget(maxBytes: number): ByteBudget {
  let total = 0;
  return {
    get heldBytes() {
      return total;
    },
    open() {
      let held = 0;
      let released = false;
      return {
        grow(bytes) {
          // A request that is alone is never refused: it could retry as often as it likes and find no more room.
          if (released || (total > held && total + bytes > maxBytes)) return false;
          held += bytes;
          total += bytes;
          return true;
        },
        release() {
          total -= held;
          held = 0;
          released = true;
        },
      };
    },
  };
}
