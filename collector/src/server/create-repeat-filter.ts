/** Lets a text through only once in a while: what fails for one dashboard fails for all of them, every few seconds. */
export type RepeatFilter = (text: string) => boolean;

const AGAIN_MS = 60_000;
const MAX_KNOWN = 100;

export function createRepeatFilter(): RepeatFilter {
  const toldAt = new Map<string, number>();
  return (text) => {
    const nowMs = performance.now();
    const before = toldAt.get(text);
    if (before !== undefined && nowMs - before < AGAIN_MS) return false;
    if (toldAt.size >= MAX_KNOWN) toldAt.clear();
    toldAt.set(text, nowMs);
    return true;
  };
}
