import type { AnyDiagnosis } from '../diagnosis/diagnosis.js';
import type { Aspect, FailureScope, Timeline } from '../signals/timeline.js';
import type { Incident } from './incident.js';

/** What one open failure story is filed under: the shared connection, its upgrade, one namespace, a check of its use, or what is told beside. */
export type IncidentKey = 'connection' | 'upgrade' | `namespace ${string}` | `usage ${string}` | Aspect;

/** A failure story that goes on. */
export interface OpenIncident {
  readonly key: IncidentKey;
  about: FailureScope;
  readonly id: string;
  readonly openedAt: string;
  readonly transport: string | undefined;
  failedAttempts: number;
  /** The last attempt that was counted: several events tell of one failure. */
  lastFailedAttempt: number;
  revision: number;
  settled: boolean;
  diagnosis: AnyDiagnosis | undefined;
  history: Incident['history'];
}

export interface IncidentBookContext {
  now(): number;
  uuid(): string;
  timeline(about: FailureScope): Timeline;
}

/** Earlier answers kept for one incident. */
const MAX_HISTORY = 20;

/** Keeps the open failure stories of one connection and turns them into revisions to show and to send. */
export interface IncidentBook {
  get(key: IncidentKey): OpenIncident | undefined;
  all(): readonly OpenIncident[];
  open(key: IncidentKey, about: FailureScope, transport: string | undefined): OpenIncident;
  /** Takes a new answer; true when the code, the certainty or the details differ from the last one. */
  answer(incident: OpenIncident, diagnosis: AnyDiagnosis): boolean;
  /** The next revision; only once there is a diagnosis. */
  revise(incident: OpenIncident): Incident | undefined;
  /** Takes it out of the book and returns its last revision, if it ever had a diagnosis. */
  close(incident: OpenIncident, status: 'resolved' | 'abandoned'): Incident | undefined;
  /** The state of an open incident as it is, without counting a revision. */
  show(incident: OpenIncident): Incident | undefined;
}

export function createIncidentBook(context: IncidentBookContext): IncidentBook {
  const openIncidents = new Map<IncidentKey, OpenIncident>();
  const iso = () => new Date(context.now()).toISOString();

  const show = (incident: OpenIncident, status: Incident['status'] = 'open'): Incident | undefined => {
    const { id, revision, about, openedAt, failedAttempts, transport, diagnosis, settled, history } = incident;
    if (!diagnosis) return undefined;
    const updatedAt = iso();
    return {
      id,
      revision,
      phase: about.phase,
      status,
      openedAt,
      updatedAt,
      ...(status !== 'open' && { closedAt: updatedAt }),
      failedAttempts,
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
    return show(incident, status);
  };

  return {
    get: (key) => openIncidents.get(key),
    all: () => [...openIncidents.values()],
    open(key, about, transport) {
      const incident: OpenIncident = {
        key,
        about,
        id: context.uuid(),
        openedAt: iso(),
        transport,
        failedAttempts: 0,
        lastFailedAttempt: 0,
        revision: 0,
        settled: false,
        diagnosis: undefined,
        history: [],
      };
      openIncidents.set(key, incident);
      return incident;
    },
    answer(incident, diagnosis) {
      const before = incident.diagnosis;
      const isSame =
        before?.code === diagnosis.code &&
        before.certainty === diagnosis.certainty &&
        JSON.stringify(before.details) === JSON.stringify(diagnosis.details);
      if (before && (before.code !== diagnosis.code || before.certainty !== diagnosis.certainty)) {
        const past = { code: before.code, certainty: before.certainty, at: iso() };
        incident.history = [...incident.history, past].slice(-MAX_HISTORY);
      }
      incident.diagnosis = diagnosis;
      return !isSame;
    },
    revise: (incident) => revise(incident),
    close(incident, status) {
      openIncidents.delete(incident.key);
      incident.settled = true;
      return revise(incident, status);
    },
    show: (incident) => show(incident),
  };
}
