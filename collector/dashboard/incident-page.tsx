import type { WireEnvelope, WireIncident } from '../src/ingest/wire-records.js';
import { addressOf } from './address.js';
import { Badge } from './badge.js';
import { causePath } from './cause-answer.js';
import { CopyButton } from './copy-button.js';
import { countOf } from './count-of.js';
import { Crumbs } from './crumbs.js';
import { Explanation } from './explanation.js';
import { Fact } from './fact.js';
import { Fields } from './fields.js';
import { formatDuration } from './format-duration.js';
import { formatMoment } from './format-moment.js';
import { formatNumber } from './format-number.js';
import { formatTime } from './format-time.js';
import { limitsTold } from './limits-told.js';
import { Link } from './link.js';
import { Loading } from './loading.js';
import { Problem } from './problem.js';
import { scopedHref } from './scope.js';
import { SignalTable } from './signal-table.js';
import { Since } from './since.js';
import { TimelinePicture } from './timeline-picture.js';
import { useQuestion } from './use-question.js';
import { useTitle } from './use-title.js';

interface IncidentAnswer {
  readonly receivedAtMs: number;
  readonly context: Pick<WireEnvelope, 'sdk' | 'app' | 'session'>;
  readonly record: WireIncident;
  /** What newer rules say about it. */
  readonly rejudged?: { readonly by: string; readonly at: string; readonly diagnosis: WireIncident['diagnosis'] };
}

/** One incident: the diagnosis, its evidence, and a picture of everything that was seen. */
export function IncidentPage({ id, query }: { readonly id: string; readonly query: URLSearchParams }) {
  const path = `/api/incidents/${encodeURIComponent(id)}`;
  const { data, error } = useQuestion<IncidentAnswer>(path, (change) => change.more || change.incidentIds.includes(id));
  useTitle((data?.rejudged ?? data?.record)?.diagnosis.title ?? 'Incident');
  const crumbs = <Crumbs from={['Incidents', scopedHref('/incidents', query)]} here={id.slice(0, 8)} />;
  if (data === undefined) {
    return (
      <>
        {crumbs}
        {error === undefined ? <Loading /> : <Problem error={error} />}
      </>
    );
  }
  const { record, context, rejudged } = data;
  const { timeline } = record;
  const { diagnosis } = rejudged ?? record;
  const { target, client, runtime } = timeline;
  // Confirmed, but other members of the class remain possible.
  const isClass = diagnosis.certainty === 'confirmed' && diagnosis.alternatives.length > 0;
  return (
    <>
      {crumbs}
      <header class="page-head">
        <h1>{diagnosis.title}</h1>
        <p class="badges">
          <Badge word={record.status} />
          <Badge
            word={isClass ? 'confirmed as a class' : diagnosis.certainty}
            title={
              diagnosis.certainty === 'confirmed'
                ? isClass
                  ? 'The evidence excludes every known cause except those listed below'
                  : 'The evidence excludes every other known cause'
                : 'Other causes remain possible'
            }
          />
          <Badge word={`fixed by: ${diagnosis.fixedBy}`} />
          <Link class="mono" href={scopedHref(causePath(diagnosis.code), query)}>
            {diagnosis.code}
          </Link>
          <CopyButton label="Copy link" text={() => location.href} />
        </p>
        {rejudged && (
          <p class="quiet">
            Judged again by the rules of {rejudged.by} on {new Date(rejudged.at).toLocaleString()}. The original
            diagnosis was {record.diagnosis.certainty} <span class="mono">{record.diagnosis.code}</span>.
          </p>
        )}
      </header>
      <dl class="facts">
        <Fact name="Target">
          <span class="mono">
            {target.host}:{target.port}
            {target.path}
          </span>
        </Fact>
        <Fact name="Namespace">
          <span class="mono">{record.namespace}</span>
        </Fact>
        <Fact name="App">
          {[context.app?.name, context.app?.release, context.app?.environment].filter(Boolean).join(' · ') || 'unnamed'}
        </Fact>
        <Fact name="Opened">
          {formatTime(Date.parse(record.openedAt))} (<Since ms={Date.parse(record.openedAt)} />)
        </Fact>
        <Fact name={record.closedAt === undefined ? 'Seen for' : 'Lasted'}>
          {formatDuration(Math.max(0, Date.parse(record.closedAt ?? record.updatedAt) - Date.parse(record.openedAt)))}
        </Fact>
        <Fact name="Failed attempts">{formatNumber(record.failedAttempts)}</Fact>
        <Fact name="Client">
          socket.io-client {client.version} in{' '}
          {[runtime.engine, context.session.runtime.engineVersion].filter(Boolean).join(' ')}
        </Fact>
        <Fact name="Network">{context.session.runtime.networkType ?? 'unknown'}</Fact>
        <Fact name="Session">
          <Link class="mono" href={scopedHref(`/sessions/${encodeURIComponent(context.session.id)}`, query)}>
            {context.session.id.slice(0, 8)}
          </Link>
        </Fact>
      </dl>

      <section class="card" aria-labelledby="timeline">
        <div class="card-head">
          <h2 id="timeline">Timeline</h2>
          {timeline.droppedSignals > 0 && (
            <span class="quiet">{countOf(timeline.droppedSignals, 'event')} in the middle were not kept</span>
          )}
        </div>
        <TimelinePicture signals={timeline.signals} evidence={diagnosis.evidence} />
        <details class="table-toggle">
          <summary>All {countOf(timeline.signals.length, 'event')} as a table</summary>
          <SignalTable signals={timeline.signals} />
        </details>
      </section>

      <div class="columns">
        <Explanation diagnosis={diagnosis} />
        <section class="card" aria-labelledby="evidence">
          <h2 id="evidence">Evidence</h2>
          <ol class="evidence">
            {diagnosis.evidence.map(({ claim, signal, at }) => (
              <li key={`${at} ${claim}`}>
                <span>{claim}</span>
                <span class="quiet">
                  <span class="mono">{signal}</span> at {formatMoment(at)}
                </span>
              </li>
            ))}
          </ol>
          {diagnosis.alternatives.length > 0 && (
            <>
              <h3>{isClass ? 'Confirmed as a class: this, or one of' : 'Also possible'}</h3>
              <ul class="alternatives">
                {diagnosis.alternatives.map(({ code, title }) => (
                  <li key={code}>
                    {title} <span class="mono quiet">{code}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          <Fields title="Details" value={diagnosis.details} />
          {record.history.length > 0 && (
            <>
              <h3>Earlier diagnoses</h3>
              <ul class="alternatives">
                {record.history.map(({ code, certainty, at }) => (
                  <li key={`${at} ${code}`}>
                    <span class="mono">{code}</span> <span class="quiet">{certainty}, </span>
                    <time class="quiet" dateTime={at}>
                      {formatTime(Date.parse(at))}
                    </time>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      </div>

      <section class="card surroundings" aria-labelledby="surroundings">
        <h2 id="surroundings">Context</h2>
        <div class="field-groups">
          <Fields title="Runtime" value={{ ...runtime, ...context.session.runtime }} />
          <Fields title="Client" value={client} />
          <Fields title="Target" value={target} />
          <Fields title="Options" value={limitsTold(timeline.options)} />
          <Fields title="Session" value={{ id: context.session.id, ...context.session.attributes }} />
          <Fields title="Sent by" value={{ ...context.sdk, received: formatTime(data.receivedAtMs) }} />
        </div>
        <p class="quiet">
          Incident <span class="mono">{record.id}</span>, revision {record.revision}.{' '}
          <a href={addressOf(path)}>As JSON</a>
        </p>
      </section>
    </>
  );
}
