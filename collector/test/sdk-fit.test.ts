import { describe, expect, it } from 'vitest';
import type { Envelope, IncidentRecord, SessionRecord, SignalKind } from '../../src/index.js';
import { describeSignal } from '../dashboard/describe-signal.js';
import { timelineMarks } from '../dashboard/timeline-marks.js';
import type { WireEnvelope, WireIncident, WireSession } from '../src/ingest/wire-records.js';
import { sampleIncident } from './sample-envelope.js';

/** Compiles only as long as what the SDK sends is what the collector reads. */
type Fits<Sent extends Read, Read> = Sent;
export type SdkFits = [
  Fits<IncidentRecord, WireIncident>,
  Fits<SessionRecord, WireSession>,
  Fits<Omit<Envelope, 'dropped'>, Omit<WireEnvelope, 'dropped'>>,
];

/** Compiles only as long as every kind of signal is listed. */
const kinds: Record<SignalKind, true> = {
  'attempt-started': true,
  handshake: true,
  'engine-opened': true,
  'engine-failed': true,
  'engine-closed': true,
  'transport-failed': true,
  'transport-unopened': true,
  'websocket-closed': true,
  'upgrade-started': true,
  upgraded: true,
  'upgrade-failed': true,
  'upgrade-overdue': true,
  connected: true,
  'connect-error': true,
  'connect-overdue': true,
  disconnected: true,
  'reconnect-failed': true,
  page: true,
  'timer-gap': true,
  'csp-violation': true,
  probe: true,
  usage: true,
};

describe('the dashboard', () => {
  it.each(Object.keys(kinds))('has words and a lane for %s', (kind) => {
    const { lane, title } = describeSignal({ kind, at: 0, attempt: 1 });
    expect(lane).not.toBe('Other');
    expect(title).not.toBe(kind);
  });

  it('shows a kind that it does not know with its own word', () => {
    const signal = { kind: 'unheard-of', at: 1, attempt: 1, deep: { a: [1] } };
    expect(describeSignal(signal)).toEqual({
      lane: 'Other',
      tone: 'neutral',
      title: 'unheard-of',
      details: 'deep a [1]',
    });
  });

  it('draws every signal and each attempt as a span', () => {
    const { signals } = sampleIncident().timeline;
    const marks = timelineMarks(signals);
    const drawn = marks.flatMap(({ signal }) => (signal === undefined ? [] : [signal]));
    expect(drawn).toEqual(signals.map((_, i) => i));
    expect(marks.filter(({ title }) => /^Attempt \d: failed$/.test(title)).length).toBe(3);
    expect(timelineMarks([])).toEqual([]);
  });
});
