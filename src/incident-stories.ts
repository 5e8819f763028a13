import type { AnyDiagnosis } from './diagnosis/diagnosis.js';
import type { LocalHints } from './diagnosis/local-hints.js';
import { toDiagnosis } from './diagnosis/to-diagnosis.js';
import { unclassified } from './diagnosis/unclassified.js';
import { beginningOfBurst } from './incidents/beginning-of-burst.js';
import {
  createIncidentBook,
  type IncidentBook,
  type IncidentKey,
  type OpenIncident,
  RECURRENCE_WINDOW_MS,
} from './incidents/incident-book.js';
import type { Judge } from './judge.js';
import type { Judges } from './judges.js';
import type { Prober, ProberContext } from './prober.js';
import type { Runtime } from './runtime/runtime.js';
import type { ProbeName, ProbeResult } from './signals/signal.js';
import type { Aspect, FailureScope } from './signals/timeline.js';
import type { TimelineRecorder } from './signals/timeline-recorder.js';
import { createStoryTeller, type StoryListener } from './story-teller.js';

export interface IncidentStoriesContext {
  readonly runtime: Runtime;
  readonly recorder: TimelineRecorder;
  readonly judges: Judges;
  readonly proberContext: ProberContext<Runtime>;
  listeners(): readonly StoryListener[];
  /** Number of the current engine. */
  attempt(): number;
  transport(): string | undefined;
  /** Whether a failure of this phase is caused by a page that is being left. */
  isLeaving(phase: FailureScope['phase']): boolean;
  isDisposed(): boolean;
  onClosed(incident: OpenIncident): void;
  delay(callback: () => void, ms: number): () => void;
  guarded(action: () => void): void;
  onInternalError(error: unknown): void;
}

/** Turns failures into incidents: they are opened, judged, probed, judged again, reported, and closed when they are over. */
export interface IncidentStories {
  readonly book: IncidentBook;
  /** Opens the incident with this key or continues it. */
  fail(key: IncidentKey, phase: FailureScope['phase'], namespace: string): void;
  /** Judges what is not a failure by itself; if its rule does not match, there was nothing. */
  tellBeside(key: Aspect, phase: FailureScope['phase'], namespace: string): void;
  resolve(...keys: IncidentKey[]): void;
  abandon(...keys: IncidentKey[]): void;
  close(incident: OpenIncident, status: 'resolved' | 'abandoned'): void;
  scheduleJudge(incident: OpenIncident, ms?: number): void;
  publish(incident: OpenIncident, diagnosis: AnyDiagnosis, wasSettled: boolean, local?: LocalHints): void;
  /** Loads the judge while the network is there, because it is needed when the network is gone. */
  fetchJudge(): void;
  /** Runs every probe that can be run here, and judges what is failing now. */
  check(
    namespace: string,
    timeoutMs: number,
  ): Promise<{ readonly probes: ProbeResult[]; readonly diagnosis: AnyDiagnosis | undefined }>;
}

/** A page that is being left closes its connections first: only what lasts longer than this many milliseconds is a failure. */
export const LEAVING_GRACE_MS = 100;
/** A connection that works over polling can wait: if it ends within this time, that is the better question. */
const UPGRADE_GRACE_MS = 500;
/** How long a page is left alone after connecting before the judge is loaded. */
const FETCH_JUDGE_AFTER_MS = 5_000;

const GRACE_MS: Readonly<Record<FailureScope['phase'], number>> = {
  connect: 0,
  namespace: 0,
  upgrade: UPGRADE_GRACE_MS,
  session: LEAVING_GRACE_MS,
  usage: 0,
};

export function createIncidentStories(context: IncidentStoriesContext): IncidentStories {
  const { runtime, recorder, judges, delay, guarded, onInternalError } = context;
  const book = createIncidentBook({
    now: runtime.now,
    monotonicMs: runtime.monotonicMs,
    uuid: runtime.uuid,
    timeline: (about) => recorder.snapshot(about),
  });
  const { tell, tellAnswer } = createStoryTeller(context.listeners, guarded);
  let prober: Prober<OpenIncident> | undefined;
  const busy = new Set<OpenIncident>();
  const scheduled = new Set<OpenIncident>();
  /** Failures whose judge is being loaded. */
  const unjudged = new Set<OpenIncident>();
  let isFetching = false;
  /** Cancels the wait until a recovery is believed. */
  const holds = new WeakMap<OpenIncident, () => void>();

  /** Runs once the judge is here, or once it has turned out that it cannot be loaded. */
  function whenJudging(action: (judge: Judge | undefined) => void, isHopeful = false): void {
    const here = judges.now();
    if (here) action(here);
    else {
      const act = (judge?: Judge) => {
        if (!context.isDisposed()) guarded(() => action(judge));
      };
      judges.load(isHopeful).then(act, () => act());
    }
  }

  function fetchJudge(): void {
    if (isFetching || judges.now() || runtime.savesData()) return;
    isFetching = true;
    delay(() => {
      isFetching = false;
      whenJudging(() => {});
    }, FETCH_JUDGE_AFTER_MS);
  }

  function tellBeside(key: Aspect, phase: FailureScope['phase'], namespace: string): void {
    if (context.isLeaving('connect')) return;
    const cause = book.get('connection')?.diagnosis?.code;
    const since = beginningOfBurst(recorder.snapshot().signals, recorder.at());
    const about = { phase, namespace, since, aspect: key, ...(cause !== undefined && { cause }) };
    let incident = book.get(key);
    if (incident) incident.about = about;
    else incident = book.open(key, about, context.transport());
    scheduleJudge(incident);
  }

  function fail(key: IncidentKey, phase: FailureScope['phase'], namespace: string): void {
    if (context.isLeaving(phase)) return;
    let incident = book.get(key);
    if (!incident || incident.recovered) {
      const since = beginningOfBurst(recorder.snapshot().signals, recorder.at());
      const about = { phase, namespace, since };
      if (incident) {
        holds.get(incident)?.();
        book.recur(incident, about);
      } else incident = book.open(key, about, context.transport());
    } else if (phase === 'namespace') {
      // The server had closed this namespace and now refuses it or does not respond: that is what keeps it away.
      incident.about = { ...incident.about, phase };
    }
    if (phase === 'connect' && incident.lastFailedAttempt !== context.attempt()) {
      incident.lastFailedAttempt = context.attempt();
      incident.failedAttempts += 1;
    }
    // The outage continues: what the probes found at its beginning may no longer be true.
    if (phase === 'connect' && !busy.has(incident) && prober?.renew(incident)) {
      incident.about = { ...incident.about, askedSince: recorder.at() };
    }
    scheduleJudge(incident, GRACE_MS[phase]);
  }

  function resolve(...keys: IncidentKey[]): void {
    for (const key of keys) {
      const incident = book.get(key);
      if (!incident || incident.recovered) continue;
      book.recover(incident);
      const { recovered } = incident;
      const isStill = () => book.get(key) === incident && incident.recovered === recovered;
      // The recovery itself is evidence: judge once more before the incident is closed.
      const settle = (judge: Judge | undefined) => {
        if (!isStill()) return;
        answerWith(judge, incident, true);
        if (book.get(key) !== incident) return;
        if (incident.recurrences === 0) close(incident, 'resolved');
        // A connection that has broken again is believed to have recovered only once it has held.
        else
          holds.set(
            incident,
            delay(() => isStill() && close(incident, 'resolved'), RECURRENCE_WINDOW_MS),
          );
      };
      delay(() => whenJudging(settle, true), 0);
    }
  }

  function abandon(...keys: IncidentKey[]): void {
    for (const key of keys) {
      const incident = book.get(key);
      if (incident) close(incident, incident.recovered ? 'resolved' : 'abandoned');
    }
  }

  function close(incident: OpenIncident, status: 'resolved' | 'abandoned'): void {
    if (unjudged.delete(incident)) answerUnjudged(incident);
    const isNew = incident.revision === 0;
    prober?.forget(incident);
    context.onClosed(incident);
    holds.get(incident)?.();
    const last = book.close(incident, status);
    if (!last) return;
    if (isNew) tell(incident, last, 'opened');
    tell(incident, last, status);
  }

  function scheduleJudge(incident: OpenIncident, ms = 0): void {
    if (scheduled.has(incident)) return;
    scheduled.add(incident);
    delay(() => {
      scheduled.delete(incident);
      const isOpen = () => book.get(incident.key) === incident;
      // A page does not load the judge for something that ended with the socket.
      if (!isOpen()) return;
      unjudged.add(incident);
      whenJudging((judge) => {
        unjudged.delete(incident);
        if (!context.isLeaving('connect') && isOpen()) answerWith(judge, incident, false);
      });
    }, ms);
  }

  function answerWith(judge: Judge | undefined, incident: OpenIncident, isOver: boolean): void {
    if (busy.has(incident) && !isOver) return;
    if (!judge) {
      answerUnjudged(incident);
      return;
    }
    prober ??= judge.createProber<OpenIncident>(context.proberContext);
    const { facts, matches, diagnosis } = judge.judge(recorder.snapshot(incident.about));
    const isBeside = incident.about.aspect !== undefined;
    const isSoft = !isBeside && facts.upgrading?.kind === 'upgrade-overdue' && incident.revision === 0;
    const failsNow =
      !isBeside &&
      (facts.upgrading !== undefined ||
        facts.unanswered !== undefined ||
        (facts.connecting !== undefined && !facts.closing?.reconnected));
    const next = isOver || !failsNow ? undefined : prober.next(incident, incident.about, matches);
    if (!diagnosis) {
      if (isBeside) book.close(incident, 'abandoned');
      return;
    }
    // Polling works and WebSocket is merely late: there is nothing to report before it is certain.
    if (isSoft && diagnosis.certainty !== 'confirmed') {
      if (next) void ask(incident, next);
      else if (isOver) book.close(incident, 'resolved');
      return;
    }
    // Messages get through over polling, so the report can wait for the probes; if the engine closes meanwhile, that is the better story.
    if (incident.key === 'upgrade' && incident.revision === 0 && next) {
      book.answer(incident, diagnosis);
      void ask(incident, next);
      return;
    }
    const wasSettled = incident.settled;
    incident.settled = next === undefined;
    publish(incident, diagnosis, wasSettled);
    // A moment, not a state: there is nothing to wait for.
    if (incident.key === 'recovery' && !isOver) close(incident, 'resolved');
    if (next) void ask(incident, next);
  }

  /** The timeline is reported and sent as it is: whoever receives it can judge it. */
  function answerUnjudged(incident: OpenIncident): void {
    const { phase, aspect } = incident.about;
    if (incident.diagnosis || aspect || phase === 'upgrade') return;
    publish(
      incident,
      toDiagnosis(unclassified, { certainty: 'suspected', details: { phase }, evidence: [] }, []),
      false,
    );
  }

  function publish(incident: OpenIncident, diagnosis: AnyDiagnosis, wasSettled: boolean, local?: LocalHints): void {
    const isNew = incident.revision === 0;
    const isChanged = book.answer(incident, diagnosis);
    // A diagnosis that all probes left unchanged is reported, too: from now on it will not change by itself.
    const isSettledNow = incident.settled && !wasSettled;
    const exhausted = book.get('reconnection');
    if (incident.key === 'connection' && exhausted && exhausted.about.cause !== diagnosis.code) {
      exhausted.about = { ...exhausted.about, cause: diagnosis.code };
      scheduleJudge(exhausted);
    }
    if (!isNew && ((!isChanged && !isSettledNow) || !book.isWorthTelling(incident))) return;
    const revision = book.revise(incident);
    if (!revision) return;
    tell(incident, revision, isNew ? 'opened' : 'changed');
    if (incident.settled) tellAnswer(incident, revision, diagnosis, local);
  }
  async function ask(incident: OpenIncident, name: ProbeName): Promise<void> {
    if (busy.has(incident)) return;
    busy.add(incident);
    try {
      const result = await prober?.ask(incident, incident.about, name);
      if (context.isDisposed()) return;
      if (result) recorder.add(result);
    } catch (error) {
      onInternalError(error);
    } finally {
      busy.delete(incident);
    }
    if (book.get(incident.key) === incident) guarded(() => answerWith(judges.now(), incident, false));
  }

  async function check(namespace: string, timeoutMs: number) {
    const failing = () => book.all().find(({ about }) => about.phase !== 'usage' && !about.aspect);
    const about = failing()?.about ?? { phase: 'connect' as const, namespace, since: recorder.at() };
    const asked: ProbeResult[] = [];
    const judge = await judges.load(true);
    prober ??= judge.createProber<OpenIncident>(context.proberContext);
    await prober.askAll(about, timeoutMs, (result) => {
      recorder.add(result);
      asked.push(result);
    });
    const failed = failing();
    return { probes: asked, diagnosis: failed && judge.judge(recorder.snapshot(failed.about)).diagnosis };
  }

  return { book, fail, tellBeside, resolve, abandon, close, scheduleJudge, publish, fetchJudge, check };
}
