import { rule as unclassified } from './causes/unclassified.js';
import { usageRules } from './causes/usage-rules.js';
import { answer, matchRules } from './diagnosis/diagnose.js';
import type { AnyDiagnosis } from './diagnosis/diagnosis.js';
import { createFacts } from './diagnosis/facts.js';
import type { LocalHints } from './diagnosis/local-hints.js';
import type { IncidentBook, IncidentKey, OpenIncident } from './incidents/incident-book.js';
import { checkUsage } from './lint/check-usage.js';
import type { CheckedSocket, RunningCheck } from './lint/checked-socket.js';
import type { Runtime } from './runtime/runtime.js';
import type { ClientEngine, ClientSocket } from './signals/client-shapes.js';
import type { OnInternalError } from './signals/listen.js';
import type { SignalBody } from './signals/signal.js';
import type { TargetFacts } from './signals/timeline.js';
import type { TimelineRecorder } from './signals/timeline-recorder.js';
import type { UsageFact } from './signals/usage.js';

/** What the observer of a connection provides to the checks of its sockets. */
export interface UsageContext {
  readonly book: IncidentBook;
  readonly recorder: TimelineRecorder;
  readonly runtime: Pick<Runtime, 'monotonicMs'>;
  readonly onInternalError: OnInternalError;
  target(): TargetFacts;
  engine(): ClientEngine | undefined;
  emit(signal: SignalBody): void;
  publish(incident: OpenIncident, diagnosis: AnyDiagnosis, hints: LocalHints | undefined): void;
  close(incident: OpenIncident, status: 'resolved'): void;
  delay(callback: () => void, ms: number): () => void;
}

/** Checks how one socket is used, judges the findings, and reports them as incidents with the phase `usage`. */
export function watchUsage(
  { socket, namespace }: { readonly socket: ClientSocket; readonly namespace: string },
  { register, madeAt }: Pick<CheckedSocket, 'register' | 'madeAt'>,
  { book, recorder, runtime, onInternalError, target, engine, emit, publish, close, delay }: UsageContext,
): Required<RunningCheck> {
  const keyOf = (code: string): IncidentKey => `usage ${code} ${namespace}`;
  /** A finding is settled at once, as there is nothing to probe. It stays open until the socket is no longer watched. */
  const judge = (fact: UsageFact, hints: LocalHints | undefined) => {
    emit({ kind: 'usage', namespace, ...fact });
    const about = { phase: 'usage' as const, namespace, since: recorder.at() };
    const facts = createFacts(recorder.snapshot(about));
    for (const match of matchRules(facts, usageRules())) {
      const diagnosis = answer(facts, [match], unclassified);
      const key = keyOf(match.rule.code);
      const scope = { ...about, check: match.rule.code };
      const incident = book.get(key) ?? book.open(key, scope, engine()?.transport?.name);
      if (!diagnosis || isTold(incident.diagnosis, diagnosis)) continue;
      incident.about = scope;
      incident.settled = true;
      publish(incident, diagnosis, hints);
    }
  };
  const checks = checkUsage({
    socket,
    namespace,
    madeAt,
    register,
    address: () => {
      const { secure, host, port, path } = target();
      return `${secure} ${host}:${port}${path}`;
    },
    monotonicMs: runtime.monotonicMs,
    delay,
    found: judge,
    isOver: (code) => {
      const incident = book.get(keyOf(code));
      if (incident) close(incident, 'resolved');
    },
    onInternalError,
  });
  const made = engine();
  if (made) checks.onEngine(made);
  if (socket.connected) checks.onSignal({ kind: 'connected', namespace, transport: 'unknown' });
  return checks;
}

/** A certain finding stays, and so does one that was already reported, whatever else has been found since. */
function isTold(before: AnyDiagnosis | undefined, now: AnyDiagnosis): boolean {
  if (!before) return false;
  const isSame = before.certainty === now.certainty && JSON.stringify(before.details) === JSON.stringify(now.details);
  return isSame || (before.certainty === 'confirmed' && now.certainty !== 'confirmed');
}
