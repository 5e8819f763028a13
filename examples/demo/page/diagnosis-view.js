import { diagnosisCard } from './diagnosis-card.js';
import { element } from './element.js';

/** What is known about the socket: nothing to report, still probing, or the diagnosis. */
export function createDiagnosisView(section, dashboardUrl) {
  const answer = section.querySelector('#answer');
  let told;
  let asking = false;
  let snapshot;

  function render() {
    const diagnosis = told?.incident.diagnosis;
    section.dataset.code = diagnosis?.code ?? '';
    section.dataset.certainty = diagnosis?.certainty ?? '';
    section.dataset.status = told?.incident.status ?? (asking ? 'asking' : '');
    answer.replaceChildren(told ? diagnosisCard(told.incident, told) : element('p', { class: 'calm' }, calmWords()));
  }

  function calmWords() {
    if (asking) return 'Something failed. Probing the server to tell the look-alikes apart…';
    if (snapshot?.state !== 'connected') return 'Connecting…';
    if (snapshot.transport === 'polling') return 'Connected over polling so far.';
    return `Connected over ${snapshot.transport}, no diagnosis.`;
  }

  return {
    restart() {
      told = snapshot = undefined;
      asking = false;
      render();
    },
    state(now) {
      const changed = now.state !== snapshot?.state || now.transport !== snapshot?.transport;
      snapshot = now;
      if (changed && !told) render();
    },
    incident(incident) {
      if (told?.incident.id === incident.id) {
        if (incident.diagnosis.code !== told.incident.diagnosis.code && !incident.settled) return;
        told = { ...told, incident, ending: endingOf(incident) };
      } else if (!told) {
        asking = incident.status === 'open';
      }
      render();
    },
    diagnosis(incident, diagnostics) {
      const seconds = ((Date.now() - Date.parse(incident.openedAt)) / 1000).toFixed(1);
      const known = told?.incident.id === incident.id ? told : { seconds };
      told = { ...known, incident, ending: endingOf(incident) };
      asking = false;
      render();
      void diagnostics.flush().then((isSafe) => {
        if (!isSafe || told?.incident.id !== incident.id || told.incidentUrl) return;
        told = { ...told, incidentUrl: `${dashboardUrl}incidents/${incident.id}` };
        render();
      });
    },
    failed(message) {
      told = undefined;
      render();
      answer.replaceChildren(element('p', { class: 'calm' }, message));
    },
  };
}

function endingOf({ status, openedAt, closedAt }) {
  if (status !== 'resolved') return undefined;
  const seconds = ((Date.parse(closedAt) - Date.parse(openedAt)) / 1000).toFixed(1);
  return `resolved after ${seconds} s`;
}
