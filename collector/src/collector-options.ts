import type { AlertOptions } from './alerts/start-alerts.js';
import type { CollectorLogger } from './collector-logger.js';
import type { ProjectKey } from './project-key.js';

/** What `startCollector` takes; the program's options have the same names. */
export interface CollectorOptions {
  /** 0 picks a free port; absent: 4390. */
  readonly port?: number;
  /** Absent: 127.0.0.1, so that no other machine can reach it. */
  readonly host?: string;
  /** Path below which a proxy forwards requests without stripping it, such as `/diagnostics`; absent: `/`. */
  readonly basePath?: string;
  /** Folder of the database, created if missing; absent: `socket.io-diagnostics-data` in the working directory. */
  readonly data?: string;
  /** Address of a ClickHouse server instead of the folder: `clickhouse://user:password@host:8123/database`, `clickhouses://` for HTTPS. */
  readonly store?: string;
  /** What a reader must present; required if `host` is not a loopback address. */
  readonly readToken?: string;
  /**
   * How much requests may hold in memory until they are on disk; beyond that, senders get a 429 and retry. Absent: 64 MiB, a
   * thousand of the SDK's largest batches.
   */
  readonly maxWaitingBytes?: number;
  /** Who may write; absent or empty: everybody. */
  readonly keys?: readonly ProjectKey[];
  /** Requests with records per second, with bursts of ten seconds' worth; 0 means no limit. Absent: 100, enough for an office behind one address. */
  readonly ratePerAddress?: number;
  /** As `ratePerAddress`, for all senders with one key. Absent: 1000, about what one process on one disk can take. */
  readonly ratePerKey?: number;
  /** The number of proxies in front, or their addresses, whose `X-Forwarded-For` is trusted; absent: none. */
  readonly trustProxy?: number | string;
  /** Connections beyond this number are closed at once; absent: 5000. */
  readonly maxConnections?: number;
  /** Records that happened and were last received more than this many days ago are deleted; absent: none. */
  readonly keepDays?: number;
  /** Beyond this size, the oldest records are deleted, but none of the last hour; absent: no limit. */
  readonly maxSizeBytes?: number;
  /** Alerts a webhook when a cause affects many sessions or is new in a release; absent: no alerts. Of several collectors on one store, one sends them. */
  readonly alerts?: AlertOptions;
  /** Absent: silent. */
  readonly logger?: CollectorLogger;
}
