import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { CollectorError } from '../../collector-error.js';
import type { Store } from '../store.js';
import { StoreFailure } from '../store-failure.js';
import { rankCauses, readCause } from './causes.js';
import { compareReleases } from './compare-releases.js';
import { connectClickHouse } from './connect-clickhouse.js';
import { createRejudgeStore } from './create-rejudge-store.js';
import { createStateStore } from './create-state-store.js';
import { createWriter } from './create-writer.js';
import { exportLines } from './export-lines.js';
import { facets, listFirstSeen } from './facets.js';
import { followChanges } from './follow-changes.js';
import { listIncidents, readIncident, readSession } from './incidents.js';
import { keepDays } from './keep-days.js';
import { migrateClickHouse } from './migrate-clickhouse.js';
import { overview } from './overview.js';
import { parseClickHouseAddress } from './parse-clickhouse-address.js';
import { quote } from './quote.js';

/** Each write is a part that ClickHouse has to merge: five per second are few, two hundred are too many. */
const WRITES = { gatherMs: 200, maxBatches: 2000 };

/** Runs due migrations and connects; a `CollectorError` says in one line what prevents it. */
export async function openClickHouseStore(
  text: string,
  options: { readonly keepDays?: number | undefined } = {},
): Promise<Store> {
  const address = parseClickHouseAddress(text);
  await migrateClickHouse(address);
  const connection = await connectClickHouse(address);
  try {
    if (options.keepDays !== undefined) await keepDays(connection, options.keepDays);
  } catch (error) {
    await connection.close();
    if (!(error instanceof StoreFailure)) throw error;
    throw new CollectorError(`--keep-days cannot be set in ${address.shown}: ${error.message}. ${error.advice ?? ''}`);
  }
  const name = `${hostname()}-${process.pid}`;
  const sizes = address.cluster === undefined ? 'system.parts' : `cluster('${address.cluster}', system.parts)`;
  return {
    writes: WRITES,
    rejudging: createRejudgeStore(connection),
    state: createStateStore(connection),
    write: createWriter(connection),
    listIncidents: (query) => listIncidents(connection, query),
    readIncident: (id) => readIncident(connection, id),
    rankCauses: (scope) => rankCauses(connection, scope),
    readCause: (code, scope) => readCause(connection, code, scope),
    overview: (scope) => overview(connection, scope),
    compareReleases: (scope) => compareReleases(connection, scope),
    readSession: (clientSessionId) => readSession(connection, clientSessionId),
    listFirstSeen: (sinceReceivedMs) => listFirstSeen(connection, sinceReceivedMs),
    facets: () => facets(connection),
    ping: () => connection.insert('health_checks', [{ collector: name, at_ms: Date.now() }], randomUUID()),
    async sizeBytes() {
      const [size] = await connection
        .rows<{ bytes: number }>(
          `SELECT sum(bytes_on_disk) AS bytes FROM ${sizes} WHERE active AND database = ${quote(address.database)}`,
        )
        // A user who may write need not be allowed to read system tables.
        .catch(() => []);
      return size?.bytes;
    },
    followChanges: () => followChanges(connection),
    exportLines: () => exportLines(connection),
    close: () => connection.close(),
  };
}
