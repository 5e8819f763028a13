import type { AddressInfo } from 'node:net';
import { checkAlertOptions } from './alerts/start-alerts.js';
import { readBasePath } from './base-path.js';
import { checkCollectorOptions } from './check-collector-options.js';
import { CollectorError } from './collector-error.js';
import type { CollectorLogger } from './collector-logger.js';
import type { CollectorOptions } from './collector-options.js';
import { holdAddress, listenError } from './hold-address.js';
import { checkProjectKeys } from './project-key.js';
import { createServer } from './server/create-server.js';
import { DASHBOARD_FOLDER } from './server/dashboard-routes.js';
import { isLoopback } from './server/is-loopback.js';
import { RECORDS_PATH } from './server/records-route.js';
import { isClickHouseAddress } from './stores/clickhouse/parse-clickhouse-address.js';
import { openStore } from './stores/open-store.js';
import type { Store } from './stores/store.js';
import { tellMigration } from './tell-migration.js';

export interface Collector {
  /** With the base path, without a trailing slash. */
  readonly url: string;
  /** What the SDK's `collector` option takes. */
  readonly recordsUrl: string;
  readonly dashboardUrl: string;
  /** Finishes requests in flight, then closes the database. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 4390;
export const DEFAULT_RATE_PER_ADDRESS = 100;
export const DEFAULT_RATE_PER_KEY = 1000;
export const DEFAULT_MAX_CONNECTIONS = 5000;
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_DATA = 'socket.io-diagnostics-data';

const DEFAULT_MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** When closing, requests still in flight after this long are cut off. */
const CLOSE_TIMEOUT_MS = 5000;

const silent: CollectorLogger = { info() {}, error() {} };

/** Starts a collector; rejects with a one-line `CollectorError` if the operator can fix what is wrong. */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  checkCollectorOptions(options);
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, data = DEFAULT_DATA, readToken, logger = silent } = options;
  const { maxWaitingBytes = DEFAULT_MAX_WAITING_BYTES, maxConnections = DEFAULT_MAX_CONNECTIONS } = options;
  const limits = {
    keys: checkProjectKeys(options.keys ?? []),
    ratePerAddress: options.ratePerAddress ?? DEFAULT_RATE_PER_ADDRESS,
    ratePerKey: options.ratePerKey ?? DEFAULT_RATE_PER_KEY,
  };
  const basePath = readBasePath(options.basePath ?? '/');
  const alerts = options.alerts && checkAlertOptions(options.alerts);
  if (!isLoopback(host) && !readToken) {
    throw new CollectorError(
      `Others can reach host ${host} and could read everything: set a read token (--read-token) or listen on 127.0.0.1.`,
    );
  }
  if (options.store !== undefined && options.data !== undefined) {
    throw new CollectorError('Records are kept either in --store or in --data: use one of them.');
  }
  if (options.store !== undefined && !isClickHouseAddress(options.store)) {
    throw new CollectorError(
      '--store takes the address of a ClickHouse server: clickhouse://user:password@host:8123/database.',
    );
  }
  const { keepDays, maxSizeBytes } = options;
  const migration = tellMigration(logger);
  const letGo = await holdAddress(host, port, () => migration.sentence);
  let store: Store;
  try {
    store = await openStore(options.store ?? data, { keepDays, maxSizeBytes, migration });
  } catch (error) {
    await letGo();
    throw error;
  }
  const app = createServer({
    store,
    readToken,
    dashboardFolder: DASHBOARD_FOLDER,
    basePath,
    maxWaitingBytes,
    limits,
    trustProxy: options.trustProxy ?? false,
    maxConnections,
    keepDays: options.keepDays,
    maxSizeBytes: options.maxSizeBytes,
    alerts,
    logger,
  });
  try {
    await app.ready();
    await letGo();
    await app.listen({ port, host });
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }

  const url = addressOf(host, (app.server.address() as AddressInfo).port) + basePath;
  let closing: Promise<void> | undefined;
  return {
    url,
    recordsUrl: `${url}${RECORDS_PATH}`,
    dashboardUrl: `${url}/`,
    close() {
      closing ??= (async () => {
        const cutOff = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
        await app.close();
        clearTimeout(cutOff);
      })();
      return closing;
    },
  };
}

function addressOf(host: string, port: number): string {
  // A wildcard is an address to listen on, not one to visit.
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
