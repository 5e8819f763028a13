import { element } from './element.js';
import { prose } from './prose.js';

const { explain } = window.SocketIODiagnostics;

/** One diagnosis: how certain it is, what is broken, the evidence, what to do, and where to find it in the dashboard. */
export function diagnosisCard({ diagnosis, failedAttempts }, { seconds, incidentUrl, ending }) {
  const { summary, remedy, snippet, see } = explain(diagnosis);
  const badge = (word, kind) => element('span', { class: `badge badge-${kind}` }, word);
  const link = ({ title, url }) => element('a', { href: url, target: '_blank', rel: 'noopener' }, title);
  return element(
    'article',
    { class: `card card-${diagnosis.certainty}` },
    element(
      'p',
      { class: 'badges' },
      badge(certaintyWords(diagnosis), diagnosis.certainty),
      badge(`fixed by: ${diagnosis.fixedBy}`, 'plain'),
      ending ? badge(ending, 'resolved') : undefined,
      element('code', { class: 'quiet' }, diagnosis.code),
      element('span', { class: 'quiet took' }, `diagnosed after ${seconds} s`),
    ),
    element('h3', { class: 'title' }, diagnosis.title),
    prose(summary),
    element('h4', {}, 'Evidence'),
    element(
      'ul',
      { class: 'evidence' },
      diagnosis.evidence.map(({ claim }) => element('li', {}, claim)),
    ),
    ...(failedAttempts > 1 ? [element('p', { class: 'quiet' }, `${failedAttempts} attempts have failed so far.`)] : []),
    ...alternatives(diagnosis),
    element('h4', {}, 'Fix'),
    prose(remedy),
    snippet === undefined ? undefined : element('pre', { tabindex: '0' }, element('code', {}, snippet)),
    element('p', { class: 'links' }, see.map(link)),
    element('p', { class: 'actions' }, dashboardLink(incidentUrl)),
  );
}

/** The same words as in the dashboard: if something else is possible, only the kind of failure is confirmed. */
function certaintyWords({ certainty, alternatives: others }) {
  return certainty === 'confirmed' && others.length > 0 ? 'confirmed as a class' : certainty;
}

function alternatives({ alternatives: others, certainty }) {
  if (others.length === 0) return [];
  const heading = certainty === 'suspected' ? 'It could also be' : 'Also possible within this class';
  return [
    element('h4', {}, heading),
    element(
      'ul',
      { class: 'alternatives' },
      others.map(({ title, code }) => element('li', {}, title, ' ', element('code', { class: 'quiet' }, code))),
    ),
  ];
}

/** Only once the collector has it: a link to something that is not there yet helps nobody. */
function dashboardLink(incidentUrl) {
  if (incidentUrl === undefined) return element('span', { class: 'quiet' }, 'Sending to the collector…');
  return element(
    'a',
    { class: 'button', id: 'incident', href: incidentUrl, target: '_blank' },
    'Open this incident in the dashboard',
  );
}
