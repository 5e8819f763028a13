import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { IncidentRow, Store } from '../stores/store.js';
import { csvRow } from './csv-row.js';
import { incidentQueryOf, type Query, scopeOf } from './read-query.js';

/** What the store returns at once. */
const PAGE_LENGTH = 200;

type Row = Readonly<Record<string, unknown>>;

interface Table {
  readonly columns: readonly string[];
  /** In pages: writing rows one by one costs more than it is worth. */
  pages(query: Query): AsyncIterable<readonly Row[]>;
}

/** Incidents, causes and releases of a selection as files; streamed, so that their size does not matter. */
export async function exportRoutes(app: FastifyInstance, { store }: { store: Store }): Promise<void> {
  const tables: Readonly<Record<string, Table>> = {
    incidents: { columns: INCIDENT_COLUMNS, pages: (query) => incidentPages(store, query) },
    causes: { columns: CAUSE_COLUMNS, pages: (query) => causePage(store, query) },
    releases: { columns: RELEASE_COLUMNS, pages: (query) => releasePage(store, query) },
  };
  for (const [name, table] of Object.entries(tables)) {
    for (const format of ['csv', 'json'] as const) {
      app.get<{ Querystring: Query }>(`/api/export/${name}.${format}`, async ({ query }, reply) => {
        // The first page before the headers, so that an invalid query gets a proper error.
        const pages = table.pages(query)[Symbol.asyncIterator]();
        const first = await pages.next();
        const chunks = format === 'csv' ? csv(table.columns, first, pages) : json(first, pages);
        const date = new Date().toISOString().slice(0, 10);
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="${name}-${date}.${format}"`)
          .type(format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8')
          .send(Readable.from(chunks));
      });
    }
  }
}

type Page = IteratorResult<readonly Row[]>;

async function* csv(columns: readonly string[], first: Page, pages: AsyncIterator<readonly Row[]>) {
  yield csvRow(columns);
  for (let next = first; !next.done; next = await pages.next()) {
    yield next.value.map((row) => csvRow(columns.map((column) => cellOf(row[column])))).join('');
  }
}

async function* json(first: Page, pages: AsyncIterator<readonly Row[]>) {
  let separator = '[\n';
  for (let next = first; !next.done; next = await pages.next()) {
    if (next.value.length === 0) continue;
    yield separator + next.value.map((row) => JSON.stringify(row)).join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** A release may have several causes: they share a cell. */
function cellOf(value: unknown): string | number | boolean | null {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('; ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

const INCIDENT_COLUMNS = [
  'id',
  'code',
  'title',
  'certainty',
  'severity',
  'fixedBy',
  'phase',
  'status',
  'openedAt',
  'updatedAt',
  'closedAt',
  'receivedAt',
  'failedAttempts',
  'transport',
  'namespace',
  'host',
  'app',
  'release',
  'environment',
  'runtime',
  'engine',
  'engineVersion',
  'networkType',
  'clientVersion',
  'clientSessionId',
  'revision',
] as const;

async function* incidentPages(store: Store, query: Query): AsyncGenerator<readonly Row[]> {
  // Records that arrive meanwhile are left out.
  const asked = { untilMs: Date.now() + 1, ...incidentQueryOf({ ...query, limit: String(PAGE_LENGTH) }) };
  let cursor: string | undefined;
  do {
    const page = await store.listIncidents({ ...asked, ...(cursor === undefined ? {} : { cursor }) });
    yield page.incidents.map(incidentRow);
    // A reader that is fast enough would leave no turn of the event loop to anybody else, neither to records nor to health checks.
    await nextTurn();
    cursor = page.next;
  } while (cursor !== undefined);
}

function incidentRow({ openedAtMs, updatedAtMs, closedAtMs, receivedAtMs, ...rest }: IncidentRow): Row {
  return {
    ...rest,
    openedAt: isoOf(openedAtMs),
    updatedAt: isoOf(updatedAtMs),
    closedAt: closedAtMs === null ? null : isoOf(closedAtMs),
    receivedAt: isoOf(receivedAtMs),
  };
}

const CAUSE_COLUMNS = [
  'code',
  'title',
  'phase',
  'fixedBy',
  'severity',
  'sessions',
  'previousSessions',
  'incidents',
  'open',
  'confirmed',
  'lastAt',
  'firstRelease',
] as const;

async function* causePage(store: Store, query: Query): AsyncGenerator<readonly Row[]> {
  const causes = await store.rankCauses(scopeOf(query));
  yield causes.map(({ lastAtMs, ...rest }) => ({ ...rest, lastAt: isoOf(lastAtMs) }));
}

const RELEASE_COLUMNS = [
  'app',
  'release',
  'firstAt',
  'sessions',
  'connectedShare',
  'failedShare',
  'upgradedShare',
  'timeToConnectP50Ms',
  'timeToConnectP75Ms',
  'timeToConnectP95Ms',
  'incidents',
  'incidentsPer1000Sessions',
  'openIncidents',
  'affectedSessions',
  'causes',
  'newCauses',
] as const;

async function* releasePage(store: Store, query: Query): AsyncGenerator<readonly Row[]> {
  const releases = await store.compareReleases(scopeOf(query));
  yield releases.map(({ firstAtMs, timeToConnectMs, causes, ...rest }) => ({
    ...rest,
    firstAt: isoOf(firstAtMs),
    timeToConnectP50Ms: timeToConnectMs.p50 ?? null,
    timeToConnectP75Ms: timeToConnectMs.p75 ?? null,
    timeToConnectP95Ms: timeToConnectMs.p95 ?? null,
    incidentsPer1000Sessions: rest.sessions === 0 ? null : (rest.incidents / rest.sessions) * 1000,
    causes: causes.map(({ code }) => code),
    newCauses: causes.filter(({ isNew }) => isNew).map(({ code }) => code),
  }));
}

/** A clock that is far off yields a time that no calendar has. */
function isoOf(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
