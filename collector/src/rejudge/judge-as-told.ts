import type { WireDiagnosis, WireIncident } from '../ingest/wire-records.js';
import type { Judge } from './find-judge.js';

/** More than a page adds while it is being left or a socket is disconnected. */
const MAX_LAST_SIGNALS = 40;

/** An SDK keeps some 200; judging thousands, which anybody can send, takes half a second each. */
const MAX_SIGNALS = 1000;

/** What the rules say about a record, from the part of its timeline that the SDK had judged; throws if no SDK made it. */
export function judgeAsTold(judge: Judge, { timeline, diagnosis, status, ...record }: WireIncident) {
  if (timeline.signals.length > MAX_SIGNALS) throw new RangeError('No SDK makes a timeline this long.');
  const whole = judge.judgeTimeline(timeline).diagnosis;
  if (isSameAnswer(whole, diagnosis)) return whole;
  const { recurrences = 0 } = record as { recurrences?: number };
  // An incident that is abandoned, or that ends once a recovery has held, is not judged once more: its diagnosis is that of the moment
  // before.
  if (status === 'open' || (status === 'resolved' && recurrences === 0)) return whole;
  const lastEvidence = Math.max(...diagnosis.evidence.map(({ at }) => at), Number.NEGATIVE_INFINITY);
  for (let signals = timeline.signals, cut = 0; cut < MAX_LAST_SIGNALS; cut += 1) {
    const last = signals.at(-1);
    if (last === undefined || last.at < lastEvidence) break;
    signals = signals.slice(0, -1);
    const earlier = judge.judgeTimeline({ ...timeline, signals }).diagnosis;
    if (isSameAnswer(earlier, diagnosis)) return earlier;
  }
  return whole;
}

/** Whether both name the same cause with the same certainty. */
export function isSameAnswer(one: WireDiagnosis | undefined, other: WireDiagnosis | undefined): boolean {
  return one?.code === other?.code && one?.certainty === other?.certainty;
}
