import { io } from 'socket.io-client';
import { explain, withDiagnostics } from 'socket.io-diagnostics';

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

// SERVER_URL is put in by the bundler.
const socket = withDiagnostics(io(SERVER_URL), { app: { name: 'example-vanilla' }, console: 'dev' });

socket.on('connect', () => show('state', 'Connected.'));
socket.on('connect_error', (error) => show('state', `connect_error: ${error.message}`));

socket.diagnostics.on('diagnosis', ({ diagnosis }) => {
  const { remedy, snippet } = explain(diagnosis);
  show('title', `${diagnosis.title} (${diagnosis.certainty})`);
  show('remedy', remedy);
  show('snippet', snippet ?? '');
  const items = diagnosis.evidence.map(({ claim }) =>
    Object.assign(document.createElement('li'), { textContent: claim }),
  );
  document.getElementById('evidence').replaceChildren(...items);
});
