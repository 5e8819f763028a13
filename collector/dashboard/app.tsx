import { CausePage } from './cause-page.js';
import { IncidentPage } from './incident-page.js';
import { IncidentsPage } from './incidents-page.js';
import { Link } from './link.js';
import { LiveState } from './live-state.js';
import { signOut, useLock, wasSignedIn } from './lock.js';
import { OverviewPage } from './overview-page.js';
import { ReleasesPage } from './releases-page.js';
import type { Route } from './route.js';
import { scopedHref } from './scope.js';
import { SessionPage } from './session-page.js';
import { SignIn } from './sign-in.js';
import { ThemeSwitch } from './theme-switch.js';
import { TimeZone } from './time-zone.js';
import { useRoute } from './use-route.js';

/** The frame around every page. */
export function App() {
  const route = useRoute();
  const isLocked = useLock();
  const { page, query } = route;
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="bar">
        <Link class="brand" href={scopedHref('/', query)}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M5 17h6l3-9 5 16 3-7h5" />
          </svg>
          <span>socket.io-diagnostics</span>
        </Link>
        <nav class="pages" aria-label="Pages">
          <Link href={scopedHref('/', query)} isCurrent={page === 'overview'}>
            Overview
          </Link>
          <Link href={scopedHref('/incidents', query)} isCurrent={page === 'incidents'}>
            Incidents
          </Link>
          <Link href={scopedHref('/releases', query)} isCurrent={page === 'releases'}>
            Releases
          </Link>
        </nav>
        <div class="bar-end">
          {!isLocked && <LiveState />}
          {!isLocked && wasSignedIn() && (
            <button type="button" onClick={signOut}>
              Sign out
            </button>
          )}
          <ThemeSwitch />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {isLocked ? <SignIn /> : <Page route={route} />}
      </main>
      {!isLocked && (
        <footer class="foot">
          <TimeZone />
        </footer>
      )}
    </>
  );
}

function Page({ route }: { readonly route: Route }) {
  const { query } = route;
  switch (route.page) {
    case 'overview':
      return <OverviewPage query={query} />;
    case 'incidents':
      return <IncidentsPage query={query} />;
    case 'releases':
      return <ReleasesPage query={query} />;
    case 'cause':
      return <CausePage key={route.code} code={route.code} query={query} />;
    case 'incident':
      return <IncidentPage key={route.id} id={route.id} query={query} />;
    case 'session':
      return <SessionPage key={route.id} id={route.id} query={query} />;
  }
}
