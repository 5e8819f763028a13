import { addressOf } from './address.js';
import { Snippet } from './snippet.js';
import { useTitle } from './use-title.js';

/** Shown by a new collector: how to send it the first record. */
export function EmptyState() {
  useTitle('Waiting for the first record');
  const snippet = `import { io } from 'socket.io-client';
import { withDiagnostics } from 'socket.io-diagnostics';

const socket = withDiagnostics(io('https://api.example.com'), {
  app: { name: 'my-app', release: '1.0.0' },
  collector: '${location.origin}${addressOf('/v1/records')}',
});`;
  return (
    <section class="card empty">
      <h1>Waiting for the first record</h1>
      <p>
        Nothing has been received yet. Wrap your socket as shown below; this page updates by itself as soon as the first
        record arrives.
      </p>
      <Snippet text={snippet} />
      <p class="quiet">
        To see an incident right away, point the socket at a port where nothing listens, for example{' '}
        <code>http://localhost:9</code>.
      </p>
    </section>
  );
}
