import type { Signal } from '../../../src/signals/signal.js';
import type { Timeline } from '../../../src/signals/timeline.js';

/** One fact put in the place of another. */
export type Change = (timeline: Timeline) => Timeline;

// biome-ignore lint/suspicious/noExplicitAny: facts are put in place of others of any kind
export type Facts = any;

export const target =
  (facts: Facts): Change =>
  (timeline) => ({ ...timeline, target: { ...timeline.target, ...facts } });
export const runtime =
  (facts: Facts): Change =>
  (timeline) => ({ ...timeline, runtime: { ...timeline.runtime, ...facts } });

/** Changes every signal of a kind, or only the answers to one question. */
export const each =
  (kind: string, facts: Facts): Change =>
  (timeline) => ({
    ...timeline,
    signals: timeline.signals.map((signal) =>
      signal.kind === kind || (signal.kind === 'probe' && signal.name === kind)
        ? ({ ...signal, ...(typeof facts === 'function' ? facts(signal) : facts) } as Signal)
        : signal,
    ),
  });

export const http = (name: string, observation: Facts, rest: Facts = {}) => each(name, { http: observation, ...rest });
export const websocket = (observation: Facts, rest: Facts = {}) =>
  each('websocket-handshake', { websocket: observation, ...rest });

export const without =
  (kind: string): Change =>
  (timeline) => ({
    ...timeline,
    signals: timeline.signals.filter(
      (signal) => signal.kind !== kind && !(signal.kind === 'probe' && signal.name === kind),
    ),
  });

/** Adds a signal at the end, of the attempt that was the last one. */
export const later =
  (signal: Facts): Change =>
  (timeline) => {
    const last = timeline.signals.at(-1);
    return { ...timeline, signals: [...timeline.signals, { at: last?.at, attempt: last?.attempt, ...signal }] };
  };

/** Adds a signal at the moment at which the engine was closed. */
export const atClose =
  (signal: Facts, offsetMs = 0): Change =>
  (timeline) => {
    const closed = timeline.signals.find(({ kind }) => kind === 'engine-closed');
    const added = { at: (closed?.at ?? 0) + offsetMs, attempt: closed?.attempt ?? 0, ...signal } as Signal;
    return { ...timeline, signals: [...timeline.signals, added].sort((a, b) => a.at - b.at) };
  };

export const asked = (name: string, facts: Facts) =>
  later({ kind: 'probe', name, answer: 'yes', durationMs: 20, ...facts });

/** The question about sessions met something else than a handshake. */
export const askedWithoutSession = (observation: Facts) =>
  asked('session', { answer: 'unknown', why: 'no handshake', http: observation });

export const errors = (facts: Facts): Change =>
  (
    (change: Facts) => (timeline: Timeline) =>
      ['connect-error', 'engine-failed', 'engine-closed'].reduce((made, kind) => each(kind, change)(made), timeline)
  )((signal: Facts) => (signal.error ? { error: { ...signal.error, ...facts } } : {}));

export const client =
  (facts: Facts): Change =>
  (timeline) => ({ ...timeline, client: { ...timeline.client, ...facts } });
export const options =
  (facts: Facts): Change =>
  (timeline) => ({ ...timeline, options: { ...timeline.options, ...facts } });
export const about =
  (facts: Facts): Change =>
  (timeline) => ({ ...timeline, about: { ...timeline.about, ...facts } });

/** Makes each signal that names a transport name this one. */
export const over =
  (transport: string): Change =>
  (timeline) => ({
    ...timeline,
    signals: timeline.signals.map((signal) => ('transport' in signal ? { ...signal, transport } : signal)),
  });

/** Adds a signal a second later, of an attempt after the last one. */
export const again =
  (signal: Facts): Change =>
  (timeline) => {
    const { signals } = timeline;
    const at = (signals.at(-1)?.at ?? 0) + 1_000;
    const attempt = Math.max(...signals.map((one) => one.attempt)) + 1;
    return { ...timeline, signals: [...signals, { at, attempt, ...signal }] };
  };

/** Adds a signal before all others. */
export const first =
  (signal: Facts): Change =>
  (timeline) => ({ ...timeline, signals: [{ at: 0, attempt: 0, ...signal }, ...timeline.signals] });

/** Changes how each of the connections before had ended. */
export const ends =
  (facts: Facts): Change =>
  ({ ended, ...timeline }) =>
    ended ? { ...timeline, ended: { ...ended, latest: ended.latest.map((end) => ({ ...end, ...facts })) } } : timeline;

/** Leaves only so many of the connections that ended. */
export const fewerEnds =
  (count: number): Change =>
  ({ ended, ...timeline }) =>
    ended ? { ...timeline, ended: { count, latest: ended.latest.slice(-count) } } : timeline;

/** Several changes, one after the other. */
export const both =
  (...changes: readonly Change[]): Change =>
  (timeline) =>
    changes.reduce((made, change) => change(made), timeline);
