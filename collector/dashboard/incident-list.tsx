import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { IncidentRow } from '../src/stores/store.js';
import { Arrivals } from './arrivals.js';
import { Badge } from './badge.js';
import { countOf } from './count-of.js';
import { formatDuration } from './format-duration.js';
import { Link } from './link.js';
import { scopedHref } from './scope.js';
import { Since } from './since.js';

interface IncidentListProps {
  readonly incidents: readonly IncidentRow[];
  readonly query: URLSearchParams;
  /** All have the same cause: their hosts tell them apart, not their titles. */
  readonly isOneCause?: boolean;
}

/** Incidents, newest first; a row that arrives or changes while the page is watched lights up for a moment. */
export function IncidentList({ incidents, query, isOneCause = false }: IncidentListProps) {
  const selection = query.toString();
  const seen = useRef<{ readonly selection: string; readonly untilMs: number } | undefined>(undefined);
  // Rows that another selection or a longer list brings are not new; rows received since then are.
  const fresh = useMemo(() => {
    const { current } = seen;
    return current?.selection === selection
      ? incidents.filter(({ receivedAtMs }) => receivedAtMs > current.untilMs)
      : [];
  }, [incidents, selection]);
  useEffect(() => {
    const untilMs = Math.max(0, ...incidents.map(({ receivedAtMs }) => receivedAtMs));
    seen.current = { selection, untilMs };
    // Not when only the selection has changed: until its own response is here, the last one is shown.
  }, [incidents]);
  return (
    <>
      <Arrivals fresh={fresh} />
      <ul class="incidents">
        {incidents.map((incident) => (
          // A new revision is a new element, so that it lights up again.
          <li key={`${incident.id} ${incident.revision}`} class={fresh.includes(incident) ? 'fresh' : ''}>
            <Link href={scopedHref(`/incidents/${encodeURIComponent(incident.id)}`, query)}>
              <span class={`dot dot-${dotOf(incident.status)}`} aria-hidden="true" />
              <span class="incident-title">
                {isOneCause ? <span class="mono">{incident.host || 'no host'}</span> : incident.title}
              </span>
              <span class="incident-badges">
                <Badge word={incident.certainty} />
                <Badge word={incident.status} />
              </span>
              <span class="incident-meta">
                {!isOneCause && <span class="mono">{incident.host}</span>}
                <span>{[incident.app, incident.release].filter((part) => part !== '').join(' ') || 'unnamed app'}</span>
                <span>{[incident.engine, incident.engineVersion].filter((part) => part !== '').join(' ')}</span>
                {incident.networkType !== '' && <span>{incident.networkType}</span>}
                {incident.failedAttempts > 0 && <span>{countOf(incident.failedAttempts, 'failed attempt')}</span>}
                <span>{durationOf(incident)}</span>
              </span>
              <span class="incident-time">
                <Since ms={incident.openedAtMs} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function durationOf({ openedAtMs, updatedAtMs, closedAtMs, status }: IncidentRow): string {
  const ms = Math.max(0, (closedAtMs ?? updatedAtMs) - openedAtMs);
  return `${status === 'open' ? 'seen for' : 'lasted'} ${formatDuration(ms)}`;
}

function dotOf(status: string): string {
  return ['open', 'resolved'].includes(status) ? status : 'other';
}
