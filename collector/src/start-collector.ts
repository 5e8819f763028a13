import type { AddressInfo } from 'node:net';
import { type AlertOptions, checkAlertOptions } from './alerts/start-alerts.js';
import { checkCollectorOptions } from './check-collector-options.js';
import { CollectorError } from './collector-error.js';
import type { CollectorLogger } from './collector-logger.js';
import { holdAddress, listenError } from './hold-address.js';
import { checkProjectKeys, type ProjectKey } from './project-key.js';
import { createServer } from './server/create-server.js';
import { DASHBOARD_FOLDER } from './server/dashboard-routes.js';
import { isLoopback } from './server/is-loopback.js';
import { RECORDS_PATH } from './server/records-route.js';
import { isClickHouseAddress } from './stores/clickhouse/parse-clickhouse-address.js';
import { openStore } from './stores/open-store.js';
import type { Store } from './stores/store.js';

export interface CollectorOptions {
  /** 0 picks a free port; absent: 4390. */
  readonly port?: number;
  /** Absent: 127.0.0.1, so that nobody else can reach it. */
  readonly host?: string;
  /** Folder of the database, made when missing; absent: `socket.io-diagnostics-data` in the working directory. */
  readonly data?: string;
  /** Address of a ClickHouse server instead of the folder: `clickhouse://user:password@host:8123/database`, `clickhouses://` for HTTPS. */
  readonly store?: string;
  /** What a reader must present; required when `host` is not a loopback address. */
  readonly readToken?: string;
  /**
   * What requests may hold in memory until they are on disk; beyond it senders get a 429 and come again. Absent: 64 MiB, a
   * thousand of the SDK's largest batches.
   */
  readonly maxWaitingBytes?: number;
  /** Who may write; absent or empty: everybody. */
  readonly keys?: readonly ProjectKey[];
  /** Requests per second with records, with ten seconds' worth at once; 0 does not limit. Absent: 100, an office behind one address. */
  readonly ratePerAddress?: number;
  /** As `ratePerAddress`, for all that send with one key. Absent: 1000, about what one process on one disk can take. */
  readonly ratePerKey?: number;
  /** How many proxies are in front, or their addresses, whose `X-Forwarded-For` is believed; absent: none. */
  readonly trustProxy?: number | string;
  /** Beyond it connections are closed at once; absent: 5000. */
  readonly maxConnections?: number;
  /** What happened and last came earlier than this many days ago is deleted; absent: nothing. */
  readonly keepDays?: number;
  /** Beyond it the oldest records are deleted, but none of the last hour; absent: no limit. */
  readonly maxSizeBytes?: number;
  /** Tells a webhook when a cause hits many or came with a release; absent: nobody. Of several collectors of one store one tells it. */
  readonly alerts?: AlertOptions;
  /** Absent: silent. */
  readonly logger?: CollectorLogger;
}

export interface Collector {
  readonly url: string;
  /** What the SDK's `collector` option takes. */
  readonly recordsUrl: string;
  readonly dashboardUrl: string;
  /** Answers what is in flight, then closes the database. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 4390;
export const DEFAULT_RATE_PER_ADDRESS = 100;
export const DEFAULT_RATE_PER_KEY = 1000;
export const DEFAULT_MAX_CONNECTIONS = 5000;
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_DATA = 'socket.io-diagnostics-data';

const DEFAULT_MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** What is still in flight after this long, when closing, is cut off. */
const CLOSE_TIMEOUT_MS = 5000;

const silent: CollectorLogger = { info() {}, error() {} };

/** Starts a collector; rejects with a one-line `CollectorError` when the operator can mend what is wrong. */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  checkCollectorOptions(options);
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, data = DEFAULT_DATA, readToken, logger = silent } = options;
  const { maxWaitingBytes = DEFAULT_MAX_WAITING_BYTES, maxConnections = DEFAULT_MAX_CONNECTIONS } = options;
  const limits = {
    keys: checkProjectKeys(options.keys ?? []),
    ratePerAddress: options.ratePerAddress ?? DEFAULT_RATE_PER_ADDRESS,
    ratePerKey: options.ratePerKey ?? DEFAULT_RATE_PER_KEY,
  };
  const alerts = options.alerts && checkAlertOptions(options.alerts);
  if (!isLoopback(host) && !readToken) {
    throw new CollectorError(
      `Host ${host} can be reached by others, and they could read everything: set a read token (--read-token) or listen on 127.0.0.1.`,
    );
  }
  if (options.store !== undefined && options.data !== undefined) {
    throw new CollectorError('Records are kept either in --store or in --data: give one of them.');
  }
  if (options.store !== undefined && !isClickHouseAddress(options.store)) {
    throw new CollectorError(
      '--store takes the address of a ClickHouse server: clickhouse://user:password@host:8123/database.',
    );
  }
  const { keepDays, maxSizeBytes } = options;
  const letGo = await holdAddress(host, port);
  let store: Store;
  try {
    store = await openStore(options.store ?? data, { keepDays, maxSizeBytes });
  } catch (error) {
    await letGo();
    throw error;
  }
  const app = createServer({
    store,
    readToken,
    dashboardFolder: DASHBOARD_FOLDER,
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

  const url = addressOf(host, (app.server.address() as AddressInfo).port);
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
  // A wildcard is an address to listen on, not one to go to.
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
