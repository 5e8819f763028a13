import type { AlertOptions } from './alerts/start-alerts.js';
import type { CollectorLogger } from './collector-logger.js';
import type { ProjectKey } from './project-key.js';

/** What `startCollector` takes; the program's options have the same names. */
export interface CollectorOptions {
  /** 0 picks a free port; absent: 4390. */
  readonly port?: number;
  /** Absent: 127.0.0.1, so that nobody else can reach it. */
  readonly host?: string;
  /** Path below which a proxy passes requests on without taking it away, such as `/diagnostics`; absent: `/`. */
  readonly basePath?: string;
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
