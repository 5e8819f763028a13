import type { Frequency, Rule } from '../src/diagnosis/rule.js';
import type { ErrorFacts } from '../src/signals/error-facts.js';
import type { Signal } from '../src/signals/signal.js';
import type { Timeline } from '../src/signals/timeline.js';
import type { Recorded } from './recordings.js';

/** What a developer sees of a failure, with the causes that were recorded behind it. */
export interface Symptom {
  /** Markdown: the event and the client's own words. */
  readonly seen: string;
  /** Codes recorded in a browser. */
  readonly inPages: readonly string[];
  /** Codes recorded in Node. */
  readonly inNode: readonly string[];
}

const FREQUENCIES: readonly Frequency[] = ['common', 'occasional', 'rare'];

/** Groups the recordings by what an app's developer would see first; most causes first and, within a row, the most common cause first. */
export function symptoms(recordings: readonly Recorded[], rules: readonly Rule[]): Symptom[] {
  const rank = ({ code, frequency }: Rule) => `${FREQUENCIES.indexOf(frequency)} ${code}`;
  const order = [...rules].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map(({ code }) => code);
  const inOrder = (codes: ReadonlySet<string>) => order.filter((code) => codes.has(code));
  const found = new Map<string, { readonly inPages: Set<string>; readonly inNode: Set<string> }>();
  for (const { code, runtime, timeline } of recordings) {
    const seen = code === null || code === 'unclassified' ? undefined : firstSeen(timeline);
    if (seen === undefined) continue;
    const codes = found.get(seen) ?? { inPages: new Set(), inNode: new Set() };
    found.set(seen, codes);
    (runtime === 'node' ? codes.inNode : codes.inPages).add(code as string);
  }
  return [...found]
    .map(([seen, { inPages, inNode }]) => ({ seen, inPages: inOrder(inPages), inNode: inOrder(inNode) }))
    .sort((a, b) => breadth(b) - breadth(a) || (a.seen < b.seen ? -1 : 1));
}

const breadth = ({ inPages, inNode }: Symptom) => new Set([...inPages, ...inNode]).size;

function firstSeen({ about, signals }: Timeline): string | undefined {
  for (const signal of signals) {
    const seen = signal.at >= (about?.since ?? 0) ? words(signal) : undefined;
    if (seen !== undefined) return seen;
  }
  return undefined;
}

function words(signal: Signal): string | undefined {
  switch (signal.kind) {
    case 'connect-error':
      return `\`connect_error\` ${signal.source === 'server' ? refusal(signal.error) : failure(signal.error)}`;
    case 'disconnected':
      return signal.reason === 'io client disconnect' ? undefined : `\`disconnect\` “${signal.reason}”`;
    case 'upgrade-failed':
      return signal.how === 'engine-closed'
        ? undefined
        : 'the transport stays `polling`; the engine emits `upgradeError`';
    case 'upgrade-overdue':
      return 'the transport stays `polling`, without any event';
    default:
      return undefined;
  }
}

function refusal({ message }: ErrorFacts): string {
  return message === 'other' ? 'with a message of the server’s own' : `“${message}”`;
}

/** What the client says, where the SDK keeps a shorter word for it. */
const SAID: Readonly<Record<string, string>> = {
  'v2 server': 'It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client…',
};

function failure({ message, status }: ErrorFacts): string {
  const said = message === 'other' ? 'with another message' : `“${SAID[message] ?? message}”`;
  return status === undefined ? said : `${said}, ${status === 0 ? 'no status (0)' : `status ${status}`}`;
}
