import type { AnyDiagnosis } from './diagnosis/diagnosis.js';
import type { LocalHints } from './diagnosis/local-hints.js';
import type { Incident, IncidentChange } from './incidents/incident.js';
import type { IncidentKey, OpenIncident } from './incidents/incident-book.js';

/** Who is notified of the incidents of a connection. */
export interface StoryListener {
  readonly namespace: string;
  /** Absent unless the use of the socket is checked. */
  readonly lint?: object;
  /** `isOwner` for the one listener that delivers: an incident of the connection is reported to every socket but sent once. */
  onIncident(incident: Incident, change: IncidentChange, isOwner: boolean): void;
  onDiagnosis(diagnosis: AnyDiagnosis, incident: Incident): void;
}

/** Reports revisions to those they concern, and each diagnosis once. */
export interface StoryTeller {
  /** `opened` or `changed`; the latter becomes `reopened` if the incident had been reported as over. */
  tell(incident: OpenIncident, revision: Incident, change: Exclude<IncidentChange, 'reopened'>): void;
  /** A settled diagnosis, unless it was already reported. */
  tellAnswer(incident: OpenIncident, revision: Incident, diagnosis: AnyDiagnosis, local?: LocalHints): void;
}

/** Incidents of the connection, whatever namespace they were seen from; the most severe first. */
export const SHARED: readonly IncidentKey[] = ['connection', 'upgrade', 'reconnection', 'upgrade-offer'];

/** `guarded` isolates listeners from one that throws. */
export function createStoryTeller(
  listeners: () => readonly StoryListener[],
  guarded: (action: () => void) => void,
): StoryTeller {
  const toldAnswers = new WeakMap<OpenIncident, string>();
  /** Reported as over. */
  const closed = new WeakSet<OpenIncident>();

  function concerned({ key, about }: OpenIncident): readonly StoryListener[] {
    const all = listeners();
    return SHARED.includes(key)
      ? all
      : all.filter(({ namespace, lint }) => namespace === about.namespace && (about.phase !== 'usage' || lint));
  }

  function tellAnswer(incident: OpenIncident, revision: Incident, diagnosis: AnyDiagnosis, local?: LocalHints): void {
    const { code, certainty, details } = diagnosis;
    const key = JSON.stringify([code, certainty, details]);
    if (toldAnswers.get(incident) === key) return;
    toldAnswers.set(incident, key);
    // The incident is sent and shown elsewhere: only what is reported here and now has the hints.
    const told = local ? { ...diagnosis, local } : diagnosis;
    for (const member of concerned(incident)) guarded(() => member.onDiagnosis(told, revision));
  }

  return {
    tell(incident, revision, change) {
      const isOver = change === 'resolved' || change === 'abandoned';
      const isReopened = !isOver && closed.delete(incident);
      const told = change === 'changed' && isReopened ? 'reopened' : change;
      concerned(incident).forEach((member, index) => {
        guarded(() => member.onIncident(revision, told, index === 0));
      });
      if (!isOver) return;
      closed.add(incident);
      tellAnswer(incident, revision, revision.diagnosis);
    },
    tellAnswer,
  };
}
