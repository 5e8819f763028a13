/** The last element; `Array.prototype.at` is missing in some browsers that the client still runs in. */
export function latest<T>(list: readonly T[]): T | undefined {
  return list[list.length - 1];
}
