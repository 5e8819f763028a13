import type { WireSignal } from '../src/ingest/wire-records.js';
import { describeSignal, type Lane, type Tone } from './describe-signal.js';
import { formatDuration } from './format-duration.js';

/** Something to draw: a point if both ends are the same, otherwise a span. */
export interface Mark {
  readonly lane: Lane;
  readonly startMs: number;
  readonly endMs: number;
  readonly tone: Tone;
  readonly title: string;
  readonly details: string;
  /** Short text for inside a span. */
  readonly label?: string;
  /** Colors the spans of the transport lane. */
  readonly transport?: string;
  /** Index of the signal; absent for spans made from several signals. */
  readonly signal?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The event that ends a state of the page, by the event that starts it. */
const PAGE_STATES: Readonly<Record<string, string>> = {
  hidden: 'visible',
  offline: 'online',
  frozen: 'resumed',
  left: 'returned',
};

/** Turns signals, oldest first, into marks: spans first, so that points are drawn over them. */
export function timelineMarks(signals: readonly WireSignal[]): readonly Mark[] {
  const endMs = Math.max(0, ...signals.map(({ at }) => at));
  const points = signals.map((signal, index): Mark => {
    const { kind, at } = signal;
    const { durationMs, gapMs } = signal as unknown as Fields;
    // These signals come at the end and say how long it took.
    const tookMs = kind === 'probe' ? durationMs : kind === 'timer-gap' ? gapMs : 0;
    const startMs = typeof tookMs === 'number' && tookMs > 0 ? Math.max(0, at - tookMs) : at;
    return { ...describeSignal(signal), startMs, endMs: at, signal: index };
  });
  return [...attemptSpans(signals, endMs), ...transportSpans(signals, endMs), ...stateSpans(signals, endMs), ...points];
}

function attemptSpans(signals: readonly WireSignal[], endMs: number): Mark[] {
  const spans: Mark[] = [];
  const attempts = new Map<number, WireSignal[]>();
  for (const signal of signals) {
    if (signal.attempt > 0) attempts.set(signal.attempt, [...(attempts.get(signal.attempt) ?? []), signal]);
  }
  const numbers = [...attempts.keys()].sort((a, b) => a - b);
  numbers.forEach((number, i) => {
    const own = attempts.get(number) ?? [];
    const nextMs = attempts.get(numbers[i + 1] ?? Number.NaN)?.[0]?.at ?? endMs;
    const startMs = own[0]?.at ?? 0;
    const closed = own.find(({ kind }) => kind === 'engine-closed');
    const failed = own.find(({ kind }) => kind === 'engine-failed' || kind === 'connect-error');
    const connected = own.find(({ kind }) => kind === 'connected');
    const stopMs = closed?.at ?? failed?.at ?? nextMs;
    const tone: Tone = connected ? 'good' : closed || failed ? 'bad' : 'neutral';
    const outcome = connected ? 'connected' : tone === 'bad' ? 'failed' : 'no outcome seen';
    spans.push({
      lane: 'Attempts',
      startMs,
      endMs: stopMs,
      tone,
      title: `Attempt ${number}: ${outcome}`,
      details: `${formatDuration(stopMs - startMs)} long`,
      label: String(number),
    });
  });
  return spans;
}

function transportSpans(signals: readonly WireSignal[], endMs: number): Mark[] {
  const spans: Mark[] = [];
  let open: { transport: string; startMs: number } | undefined;
  const close = (atMs: number) => {
    if (open !== undefined) {
      const { transport, startMs } = open;
      const details = `${formatDuration(atMs - startMs)} long`;
      spans.push({
        lane: 'Transport',
        startMs,
        endMs: atMs,
        tone: 'neutral',
        title: `Over ${transport}`,
        details,
        label: transport,
        transport,
      });
    }
    open = undefined;
  };
  for (const signal of signals) {
    const { transport } = signal as unknown as Fields;
    const isChange =
      signal.kind === 'upgraded' || (open === undefined && /^(handshake|engine-opened)$/.test(signal.kind));
    if (signal.kind === 'engine-closed' || signal.kind === 'attempt-started') close(signal.at);
    else if (isChange && typeof transport === 'string') {
      close(signal.at);
      open = { transport, startMs: signal.at };
    }
  }
  close(endMs);
  return spans;
}

/** Spans between a signal that starts a state and the one that ends it: connected sockets, hidden pages, … */
function stateSpans(signals: readonly WireSignal[], endMs: number): Mark[] {
  const spans: Mark[] = [];
  signals.forEach((signal, i) => {
    const { event, namespace } = signal as unknown as Fields;
    const endOf = (isEnd: (other: Fields) => boolean) =>
      signals.slice(i + 1).find((other) => isEnd(other as unknown as Fields))?.at ?? endMs;
    if (signal.kind === 'connected') {
      const stopMs = endOf((other) => other.kind === 'disconnected' && other.namespace === namespace);
      spans.push({
        lane: 'Socket',
        startMs: signal.at,
        endMs: stopMs,
        tone: 'good',
        title: `Connected to ${String(namespace)}`,
        details: `${formatDuration(stopMs - signal.at)} long`,
        label: 'connected',
      });
    } else if (signal.kind === 'page' && typeof event === 'string' && Object.hasOwn(PAGE_STATES, event)) {
      const stopMs = endOf((other) => other.kind === 'page' && other.event === PAGE_STATES[event]);
      spans.push({
        lane: 'Page',
        startMs: signal.at,
        endMs: stopMs,
        tone: describeSignal(signal).tone,
        title: `Page ${event}`,
        details: `${formatDuration(stopMs - signal.at)} long`,
        label: event,
      });
    }
  });
  return spans;
}
