import type { Frequency, Rule } from '../src/diagnosis/rule.js';
import type { ErrorFacts } from '../src/signals/error-facts.js';
import type { Signal } from '../src/signals/signal.js';
import type { Timeline } from '../src/signals/timeline.js';
import type { Recorded } from './recordings.js';

/** What a developer sees first when something fails, and the causes that were recorded behind it. */
export interface Symptom extends Seen {
  /** HTTP statuses behind which the same causes were recorded; 0 stands for none. */
  readonly statuses: readonly number[];
  /** Causes recorded in browsers and React Native, grouped from common to rare. */
  readonly inPages: Tiers;
  /** Causes recorded in Node, grouped likewise. */
  readonly inNode: Tiers;
}

/** The codes of common, occasional and rare causes; in each group, those that begin like this most often come first. */
export type Tiers = readonly (readonly string[])[];

interface Seen {
  readonly event: 'connect_error' | 'disconnect' | 'no-upgrade';
  /** Markdown: what the event says. */
  readonly words: string;
}

type Recordings = ReadonlyMap<string, number>;

interface Found extends Seen {
  readonly statuses: number[];
  readonly inPages: Map<string, number>;
  readonly inNode: Map<string, number>;
}

/** From the most to the least frequent in public reports. */
export const FREQUENCIES: readonly Frequency[] = ['common', 'occasional', 'rare'];
/** RFC 9110, section 15: larger numbers are not HTTP, but what Chromium reads in the first line of another protocol. */
const NO_STATUS = 600;

/**
 * Groups the recordings by the first event that the developer of an app could see, and by the status that comes with it. Within an event,
 * the words with the most causes come first, then the lowest status.
 */
export function symptoms(recordings: readonly Recorded[], rules: readonly Rule[]): Symptom[] {
  // What is reported beside a failure, such as that the client gave up, is not its cause.
  const causes = rules.filter(({ aspect }) => aspect === undefined);
  const totals = { inPages: new Map<string, number>(), inNode: new Map<string, number>() };
  const found = new Map<string, Found>();
  for (const { code, runtime, timeline } of recordings) {
    if (!causes.some((rule) => rule.code === code)) continue;
    const seen = firstSeen(timeline);
    if (seen === undefined || seen.status >= NO_STATUS) continue;
    const { event, words, status } = seen;
    const key = `${event} ${words} ${status}`;
    const row = found.get(key) ?? { event, words, statuses: [status], inPages: new Map(), inNode: new Map() };
    found.set(key, row);
    const place = runtime === 'node' ? 'inNode' : 'inPages';
    add(row[place], code as string);
    add(totals[place], code as string);
  }
  const merged = mergeAlike([...found.values()]);
  const breadths = new Map<string, number>();
  for (const row of merged) breadths.set(row.words, Math.max(breadths.get(row.words) ?? 0, codesOf(row).length));
  const breadth = ({ words }: Seen) => breadths.get(words) ?? 0;
  return merged
    .sort((a, b) => breadth(b) - breadth(a) || compare(a.words, b.words) || lowest(a) - lowest(b))
    .map(({ event, words, statuses, inPages, inNode }) => ({
      event,
      words,
      statuses: statuses.sort((a, b) => a - b),
      inPages: tiers(causes, inPages, totals.inPages),
      inNode: tiers(causes, inNode, totals.inNode),
    }));
}

/** Statuses that come with the same words and the same causes share a row. */
function mergeAlike(rows: readonly Found[]): Found[] {
  const merged = new Map<string, Found>();
  for (const row of rows) {
    const key = [row.event, row.words, ...codesOf(row)].join(' ');
    const same = merged.get(key);
    if (same === undefined) {
      merged.set(key, row);
      continue;
    }
    same.statuses.push(...row.statuses);
    for (const place of ['inPages', 'inNode'] as const)
      for (const [code, count] of row[place]) add(same[place], code, count);
  }
  return [...merged.values()];
}

function tiers(rules: readonly Rule[], counts: Recordings, totals: Recordings): Tiers {
  const share = (code: string) => (counts.get(code) ?? 0) / (totals.get(code) ?? 1);
  return FREQUENCIES.map((frequency) =>
    rules
      .filter((rule) => rule.frequency === frequency && counts.has(rule.code))
      .map(({ code }) => code)
      .sort((a, b) => share(b) - share(a) || compare(a, b)),
  ).filter((codes) => codes.length > 0);
}

const codesOf = ({ inPages, inNode }: Found) => [...new Set([...inPages.keys(), ...inNode.keys()])].sort();
const lowest = ({ statuses }: Found) => Math.min(...statuses);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function add(counts: Map<string, number>, code: string, count = 1): void {
  counts.set(code, (counts.get(code) ?? 0) + count);
}

function firstSeen({ about, signals }: Timeline): (Seen & { readonly status: number }) | undefined {
  for (const signal of signals) {
    const seen = signal.at >= (about?.since ?? 0) ? seenIn(signal) : undefined;
    if (seen !== undefined) return { status: 0, ...seen };
  }
  return undefined;
}

function seenIn(signal: Signal): (Seen & { readonly status?: number }) | undefined {
  switch (signal.kind) {
    case 'connect-error':
      return {
        event: 'connect_error',
        ...(signal.source === 'server' ? rejection(signal.error) : failure(signal.error)),
      };
    case 'disconnected':
      return signal.reason === 'io client disconnect'
        ? undefined
        : { event: 'disconnect', words: `“${signal.reason}”` };
    case 'upgrade-failed':
      return signal.how === 'engine-closed'
        ? undefined
        : { event: 'no-upgrade', words: 'the engine emits `upgradeError`' };
    case 'upgrade-overdue':
      return { event: 'no-upgrade', words: 'no event at all' };
    default:
      return undefined;
  }
}

function rejection({ message }: ErrorFacts): { readonly words: string } {
  return { words: message === 'other' ? 'a message from your server' : `“${message}”` };
}

/** What the client says if the SDK keeps a shorter word, or if it says the same in other words with the transport `Fetch`. */
const SAID: Readonly<Record<string, string>> = {
  'v2 server': '“It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client…”',
  'xhr poll error': '“xhr poll error” or “fetch read error”',
  'fetch read error': '“xhr poll error” or “fetch read error”',
  'xhr post error': '“xhr post error” or “fetch write error”',
  'fetch write error': '“xhr post error” or “fetch write error”',
  other: 'another message',
};

function failure({ message, status = 0 }: ErrorFacts): { readonly words: string; readonly status: number } {
  return { words: SAID[message] ?? `“${message}”`, status };
}
