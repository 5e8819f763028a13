/** Members that say when, how long and by which attempt: they differ between any two runs. */
const PASSING = [
  'at',
  'attempt',
  'since',
  'askedSince',
  'ageMs',
  'afterMs',
  'durationMs',
  'sessionMs',
  'gapMs',
  'lateMs',
  'unsentBytes',
];

interface Seen {
  readonly expect: unknown;
  readonly timeline: { readonly signals: readonly object[] };
}

/** Whether two recordings show the same signals, in whatever order, number and time, and expect the same of them. */
export function isSameView(one: Seen, other: Seen): boolean {
  return viewOf(one) === viewOf(other);
}

function viewOf({ expect, timeline }: Seen): string {
  const signals = timeline.signals.map((signal) =>
    JSON.stringify(signal, (name, value) => (PASSING.includes(name) ? undefined : value)),
  );
  return JSON.stringify([expect, ...[...new Set(signals)].sort()]);
}
