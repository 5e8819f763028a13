import { createDiagnosisView } from './diagnosis-view.js';
import { renderFaultPanel } from './fault-panel.js';
import { createLiveState } from './live-state.js';
import { createRawLog } from './raw-log.js';
import { startRun } from './watched-run.js';

const find = (id) => document.getElementById(id);
const { recordsUrl, dashboardUrl, groups } = await (await fetch('/setup.json')).json();
const scene = find('scene');
const live = createLiveState(scene);
const raw = createRawLog(find('raw'));
const view = createDiagnosisView(find('diagnosis'), dashboardUrl);
const panel = renderFaultPanel(find('faults'), groups, show);
const faults = new Map(groups.flatMap((group) => group.faults).map((fault) => [fault.name, fault]));
const narrow = matchMedia('(max-width: 56rem)');
let run;

find('dashboard').href = dashboardUrl;
find('skip').addEventListener('click', (event) => {
  // The part after # names the fault.
  event.preventDefault();
  scene.focus();
});
addEventListener('hashchange', () => show(named()));
addEventListener('pagehide', () => run?.stop());
addEventListener('pageshow', ({ persisted }) => persisted && show(named()));
if (narrow.matches && named() !== 'healthy') find('panel').open = false;
narrow.addEventListener('change', ({ matches }) => {
  if (!matches) find('panel').open = true;
});
show(named());

function named() {
  const name = new URLSearchParams(location.hash.slice(1)).get('fault');
  return faults.has(name) ? name : 'healthy';
}

function show(name) {
  run?.stop();
  const fault = faults.get(name);
  panel.show(name);
  find('title').textContent = fault ? fault.title : 'Nothing is broken';
  find('broken').textContent = fault
    ? fault.broken
    : 'Pick a fault to see what an app learns with and without the SDK.';
  find('happened').textContent = '';
  find('heal').hidden = !fault;
  document.title = `${fault ? fault.title : 'Healthy'} – socket.io-diagnostics demo`;
  scene.dataset.fault = name;
  live.restart();
  raw.restart();
  view.restart();
  if (narrow.matches && fault) {
    find('panel').open = false;
    scene.scrollIntoView();
  }
  run = startRun(name, recordsUrl, {
    connecting: live.server,
    state(snapshot) {
      live.show(snapshot);
      view.state(snapshot);
    },
    raw: raw.add,
    incident: view.incident,
    diagnosis: view.diagnosis,
    happened(what) {
      find('happened').textContent = what;
    },
    failed: view.failed,
  });
}
