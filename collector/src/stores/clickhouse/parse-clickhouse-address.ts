import { CollectorError } from '../../collector-error.js';

export interface ClickHouseAddress {
  /** Scheme, host and port of the HTTP interface, without a path. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** As in `system.clusters`; absent: a single server. */
  readonly cluster?: string;
  /** ClickHouse's `insert_quorum`: how many replicas must have a row before it is acknowledged. */
  readonly insertQuorum: string;
  /** For people and logs: without the password. */
  readonly shown: string;
}

const EXAMPLE = 'clickhouse://user:password@host:8123/database';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'clickhouse:': 8123, 'clickhouses:': 8443 };

/** Whether `--store` names a ClickHouse server at all. */
export function isClickHouseAddress(text: string): boolean {
  return /^clickhouses?:/i.test(text);
}

/** `clickhouses://` is HTTPS, as `rediss://` is TLS; a `CollectorError` names what is wrong, without the password. */
export function parseClickHouseAddress(text: string): ClickHouseAddress {
  // `URL` only knows hosts and ports of its own schemes.
  const match = /^(clickhouses?:)\/\/(.*)$/is.exec(text);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const url = match && URL.canParse(`http://${match[2]}`) ? new URL(`http://${match[2]}`) : undefined;
  if (url === undefined || url.hostname === '') throw wrong(`must be an address such as ${EXAMPLE}`);
  const port = url.port === '' && !/:80(\/|\?|$)/.test(text) ? DEFAULT_PORTS[scheme] : url.port || 80;
  const database = decode(url.pathname.slice(1));
  if (!/^[A-Za-z_]\w*$/.test(database)) {
    throw wrong(`must name a database of letters, digits and _, as in ${EXAMPLE}; got "${database}"`);
  }
  const cluster = url.searchParams.get('cluster') ?? undefined;
  if (cluster !== undefined && !/^[\w.-]+$/.test(cluster)) {
    throw wrong(`names a cluster "${cluster}"; SELECT cluster FROM system.clusters lists the names`);
  }
  const insertQuorum = url.searchParams.get('insert_quorum') ?? (cluster === undefined ? '0' : 'auto');
  if (!/^(auto|\d{1,3})$/.test(insertQuorum)) {
    throw wrong(`takes insert_quorum=auto or a number of replicas, not "${insertQuorum}"`);
  }
  for (const name of url.searchParams.keys()) {
    if (name === 'secure') throw wrong('uses clickhouses:// for HTTPS, not ?secure');
    if (name !== 'cluster' && name !== 'insert_quorum') {
      throw wrong(`has an unknown parameter "${name}"; it takes cluster and insert_quorum`);
    }
  }
  const host = `${url.hostname}:${port}`;
  return {
    url: `${scheme === 'clickhouses:' ? 'https' : 'http'}://${host}`,
    username: decode(url.username) || 'default',
    password: decode(url.password),
    database,
    ...(cluster === undefined ? {} : { cluster }),
    insertQuorum,
    shown: `${scheme}//${host}/${database}${cluster === undefined ? '' : `?cluster=${cluster}`}`,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('has an invalid % encoding; write %25 for a percent sign');
  }
}

function wrong(what: string): CollectorError {
  return new CollectorError(`--store ${what}.`);
}
