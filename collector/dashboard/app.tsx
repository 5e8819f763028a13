import { CausePage } from './cause-page.js';
import { IncidentPage } from './incident-page.js';
import { Link } from './link.js';
import { OverviewPage } from './overview-page.js';
import { hrefWith } from './route.js';
import { useLiveState } from './use-live.js';
import { useRoute } from './use-route.js';

/** The frame around every page. */
export function App() {
  const route = useRoute();
  const live = useLiveState();
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <Link class="brand" href={hrefWith('/', route.query, ['period', 'app', 'release'])}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M5 17h6l3-9 5 16 3-7h5" />
          </svg>
          socket.io-diagnostics
        </Link>
        <span class={`live live-${live}`} role="status">
          {live === 'live' ? 'Live' : 'Reconnecting…'}
        </span>
      </header>
      <main id="main" tabIndex={-1}>
        {route.page === 'overview' && <OverviewPage query={route.query} />}
        {route.page === 'cause' && <CausePage key={route.code} code={route.code} query={route.query} />}
        {route.page === 'incident' && <IncidentPage key={route.id} id={route.id} query={route.query} />}
      </main>
    </>
  );
}
