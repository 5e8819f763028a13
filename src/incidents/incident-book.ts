import type { AnyDiagnosis } from '../diagnosis/diagnosis.js';
import type { Aspect, FailureScope, Timeline } from '../signals/timeline.js';
import type { Incident } from './incident.js';

/**
 * What an open incident is filed under: the shared connection, its upgrade, one namespace, a check of its use, or something reported
 * alongside.
 */
export type IncidentKey = 'connection' | 'upgrade' | `namespace ${string}` | `usage ${string}` | Aspect;

/** An incident that is still going on. */
export interface OpenIncident {
  readonly key: IncidentKey;
  about: FailureScope;
  readonly id: string;
  readonly openedAt: string;
  readonly transport: string | undefined;
  failedAttempts: number;
  /** The last attempt that was counted: several events report one failure. */
  lastFailedAttempt: number;
  /** How often it broke again after it had recovered. */
  recurrences: number;
  /** Set while what had failed works. */
  recovered: { readonly at: string; readonly ms: number } | undefined;
  revision: number;
  settled: boolean;
  diagnosis: AnyDiagnosis | undefined;
  history: Incident['history'];
}

export interface IncidentBookContext {
  now(): number;
  monotonicMs(): number;
  uuid(): string;
  timeline(about: FailureScope): Timeline;
}

/**
 * If something breaks again this soon after it recovered, its incident continues; in milliseconds. Long enough for the idle timeouts of
 * common proxies (60 to 100 s) to show as one incident, short enough that an hour later it is another one.
 */
export const RECURRENCE_WINDOW_MS = 120_000;

/** Earlier diagnoses kept for one incident: how it began and what came last. */
const MAX_FIRST_HISTORY = 5;
const MAX_LATEST_HISTORY = 15;
/** Incidents that have ended and may continue; every namespace can have one. */
const MAX_ENDED = 20;
/** Changing details may be reported this often; after that, it takes twice as many failures each time. */
const FREE_REVISIONS = 8;

/** Keeps the open incidents of one connection and turns them into revisions to show and to send. */
export interface IncidentBook {
  get(key: IncidentKey): OpenIncident | undefined;
  all(): readonly OpenIncident[];
  /** Opens an incident, or continues the one under this key that has only just ended. */
  open(key: IncidentKey, about: FailureScope, transport: string | undefined): OpenIncident;
  /** What had recovered failed again. */
  recur(incident: OpenIncident, about: FailureScope): void;
  /** What had failed works again. */
  recover(incident: OpenIncident): void;
  /** Takes a new diagnosis; true if the code, the certainty or the details differ from the last one. */
  answer(incident: OpenIncident, diagnosis: AnyDiagnosis): boolean;
  /** Whether a new revision says enough that is new: an incident may go on for days. */
  isWorthTelling(incident: OpenIncident): boolean;
  /** The next revision; only once there is a diagnosis. */
  revise(incident: OpenIncident): Incident | undefined;
  /** Takes it out of the book and returns its last revision, if it ever had a diagnosis. */
  close(incident: OpenIncident, status: 'resolved' | 'abandoned'): Incident | undefined;
  /** The current state of an open incident, without counting a revision. */
  show(incident: OpenIncident): Incident | undefined;
}

/** What has been reported about an incident so far. */
interface Told {
  readonly answers: Set<string>;
  recurrences: number;
  failures: number;
}

export function createIncidentBook(context: IncidentBookContext): IncidentBook {
  const openIncidents = new Map<IncidentKey, OpenIncident>();
  const endedIncidents = new Map<IncidentKey, OpenIncident>();
  const told = new WeakMap<OpenIncident, Told>();
  const iso = () => new Date(context.now()).toISOString();
  const failures = ({ failedAttempts, recurrences }: OpenIncident) => failedAttempts + recurrences;

  const show = (incident: OpenIncident, status: Incident['status'] = 'open'): Incident | undefined => {
    const { id, revision, about, openedAt, failedAttempts, recurrences, transport, diagnosis, settled, history } =
      incident;
    if (!diagnosis) return undefined;
    const updatedAt = iso();
    return {
      id,
      revision,
      phase: about.phase,
      status,
      openedAt,
      updatedAt,
      ...(status !== 'open' && { closedAt: incident.recovered?.at ?? updatedAt }),
      failedAttempts,
      ...(recurrences > 0 && { recurrences }),
      ...(transport !== undefined && { transport }),
      namespace: about.namespace,
      diagnosis,
      settled,
      history,
      timeline: context.timeline(about),
    };
  };
  const revise = (incident: OpenIncident, status: Incident['status'] = 'open') => {
    if (!incident.diagnosis) return undefined;
    incident.revision += 1;
    const answers = told.get(incident)?.answers ?? new Set();
    answers.add(answerName(incident.diagnosis));
    told.set(incident, { answers, recurrences: incident.recurrences, failures: failures(incident) });
    return show(incident, status);
  };
  const recur = (incident: OpenIncident, about: FailureScope) => {
    incident.about = about;
    incident.recurrences += 1;
    incident.recovered = undefined;
    incident.settled = false;
  };
  /** The one under this key that ended so recently that what fails now belongs to it. */
  const takeEnded = (key: IncidentKey) => {
    const nowMs = context.monotonicMs();
    for (const [other, { recovered }] of endedIncidents) {
      if (!recovered || nowMs - recovered.ms > RECURRENCE_WINDOW_MS) endedIncidents.delete(other);
    }
    const incident = endedIncidents.get(key);
    endedIncidents.delete(key);
    return incident;
  };

  return {
    get: (key) => openIncidents.get(key),
    all: () => [...openIncidents.values()],
    open(key, about, transport) {
      const ended = takeEnded(key);
      if (ended) recur(ended, about);
      const incident: OpenIncident = ended ?? {
        key,
        about,
        id: context.uuid(),
        openedAt: iso(),
        transport,
        failedAttempts: 0,
        lastFailedAttempt: 0,
        recurrences: 0,
        recovered: undefined,
        revision: 0,
        settled: false,
        diagnosis: undefined,
        history: [],
      };
      openIncidents.set(key, incident);
      return incident;
    },
    recur,
    recover(incident) {
      incident.recovered ??= { at: iso(), ms: context.monotonicMs() };
    },
    answer(incident, diagnosis) {
      const before = incident.diagnosis;
      const isSame =
        before?.code === diagnosis.code &&
        before.certainty === diagnosis.certainty &&
        JSON.stringify(before.details) === JSON.stringify(diagnosis.details);
      if (before && answerName(before) !== answerName(diagnosis)) {
        const past = { code: before.code, certainty: before.certainty, at: iso() };
        incident.history = [
          ...incident.history.slice(0, MAX_FIRST_HISTORY),
          ...[...incident.history.slice(MAX_FIRST_HISTORY), past].slice(-MAX_LATEST_HISTORY),
        ];
      }
      incident.diagnosis = diagnosis;
      return !isSame;
    },
    isWorthTelling(incident) {
      const before = told.get(incident);
      if (!before || !incident.diagnosis || !before.answers.has(answerName(incident.diagnosis))) return true;
      if (incident.recurrences > before.recurrences) return incident.recurrences >= 2 * before.recurrences;
      if (incident.recurrences > 0) return false;
      return incident.revision < FREE_REVISIONS || failures(incident) >= 2 * before.failures;
    },
    revise: (incident) => revise(incident),
    close(incident, status) {
      openIncidents.delete(incident.key);
      incident.settled = true;
      if (status === 'resolved' && incident.revision > 0) {
        if (endedIncidents.size >= MAX_ENDED) endedIncidents.clear();
        endedIncidents.set(incident.key, incident);
      }
      return revise(incident, status);
    },
    show: (incident) => show(incident),
  };
}

function answerName({ code, certainty }: AnyDiagnosis): string {
  return `${certainty} ${code}`;
}
