import type { WireEnvelope, WireSession } from '../src/ingest/wire-records.js';
import type { IncidentRow } from '../src/stores/store.js';
import { addressOf } from './address.js';
import { Badge } from './badge.js';
import { Crumbs } from './crumbs.js';
import { Fact } from './fact.js';
import { Fields } from './fields.js';
import { formatDuration } from './format-duration.js';
import { formatNumber } from './format-number.js';
import { formatTime } from './format-time.js';
import { IncidentList } from './incident-list.js';
import { Loading } from './loading.js';
import { Problem } from './problem.js';
import { scopedHref } from './scope.js';
import { Since } from './since.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

interface SessionAnswer {
  readonly context: Pick<WireEnvelope, 'sdk' | 'app' | 'session'>;
  readonly records: readonly WireSession[];
  readonly incidents: readonly IncidentRow[];
}

/** How a socket's story ended, in words. */
const ENDS: Readonly<Record<string, string>> = {
  app: 'the app disconnected',
  page: 'the page was left',
  disposed: 'the app stopped watching',
};

/** One page load, worker or process: what it was, how each of its sockets fared, what went wrong. */
export function SessionPage({ id, query }: { readonly id: string; readonly query: URLSearchParams }) {
  useTitle('Session');
  const { data, error } = useQuestion<SessionAnswer>(`/api/sessions/${encodeURIComponent(id)}`);
  const crumbs = <Crumbs from={['Incidents', scopedHref('/incidents', query)]} here={`session ${id.slice(0, 8)}`} />;
  if (data === undefined) {
    return (
      <>
        {crumbs}
        {error === undefined ? <Loading /> : <Problem error={error} />}
      </>
    );
  }
  const { context, records, incidents } = data;
  const { runtime, attributes, startedAt } = context.session;
  return (
    <>
      {crumbs}
      <header class="page-head">
        <h1>
          Session of {context.app?.name ?? 'an unnamed app'} {context.app?.release}
        </h1>
        <p class="mono quiet">{id}</p>
      </header>
      <dl class="facts">
        <Fact name="Started">
          {formatTime(Date.parse(startedAt))} (<Since ms={Date.parse(startedAt)} />)
        </Fact>
        <Fact name="Browser">{[runtime.engine, runtime.engineVersion].filter(Boolean).join(' ')}</Fact>
        <Fact name="Network">{runtime.networkType ?? 'unknown'}</Fact>
        <Fact name="Page">{runtime.pageHost ?? 'none'}</Fact>
        <Fact name="Environment">{context.app?.environment || 'unknown'}</Fact>
        <Fact name="Incidents">{formatNumber(incidents.length)}</Fact>
      </dl>
      {records.length === 0 && (
        <p class="card nothing">
          There are no figures for this session: it was not sampled, or its figures are older than what the collector
          keeps.
        </p>
      )}
      {records.map((record) => (
        <section key={record.id} class="card" aria-label={`Socket of ${record.namespace}`}>
          <div class="card-head">
            <h2>
              Socket of <span class="mono">{record.namespace}</span>
            </h2>
            <Badge word={outcomeOf(record)} />
          </div>
          <dl class="facts session-facts">
            <Fact name="Time to connect">{durationOf(record.timeToConnectMs)}</Fact>
            <Fact name="Time to upgrade">
              {record.timeToUpgradeMs === undefined && record.connected && !record.upgradeWanted
                ? 'not requested'
                : durationOf(record.timeToUpgradeMs)}
            </Fact>
            <Fact name="Transport">{record.transport ?? 'none'}</Fact>
            <Fact name="Connected for">{formatDuration(record.connectedMs)}</Fact>
            <Fact name="Reconnects">{formatNumber(record.reconnects)}</Fact>
            <Fact name="Failed attempts">{formatNumber(record.failedAttempts)}</Fact>
            <Fact name="Longest outage">
              {record.longestOutageMs === 0 ? 'none' : formatDuration(record.longestOutageMs)}
            </Fact>
            <Fact name="Client">socket.io-client {record.client.version}</Fact>
            <Fact name="Ended">{endOf(record)}</Fact>
            <Fact name="Last update">{formatTime(Date.parse(record.updatedAt))}</Fact>
            {record.weight > 1 && <Fact name="Stands for">{formatNumber(record.weight)} sessions</Fact>}
          </dl>
        </section>
      ))}
      <section class="card" aria-labelledby="incidents">
        <div class="card-head">
          <h2 id="incidents">Incidents</h2>
        </div>
        {incidents.length === 0 ? (
          <p class="nothing">No incidents: nothing went wrong here.</p>
        ) : (
          <IncidentList incidents={incidents} query={query} />
        )}
      </section>
      <section class="card surroundings" aria-labelledby="surroundings">
        <h2 id="surroundings">Context</h2>
        <div class="field-groups">
          <Fields title="App attributes" value={attributes ?? {}} />
          <Fields title="Runtime" value={runtime} />
          <Fields title="Sent by" value={context.sdk} />
        </div>
        <p class="quiet">
          <a href={addressOf(`/api/sessions/${encodeURIComponent(id)}`)}>As JSON</a>
        </p>
      </section>
    </>
  );
}

function durationOf(ms: number | undefined): string {
  return ms === undefined ? 'never' : formatDuration(ms);
}

/** As the collector counts it. */
function outcomeOf({ connected, failedAttempts, incidents }: WireSession): string {
  if (connected) return 'connected';
  return failedAttempts + incidents > 0 ? 'could not connect' : 'over before anything failed';
}

function endOf({ ended }: WireSession): string {
  if (ended === undefined) return 'unknown';
  return (Object.hasOwn(ENDS, ended) ? ENDS[ended] : undefined) ?? ended;
}
