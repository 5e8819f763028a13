import type { Certificate } from './certificate.js';

/** How to configure a real reverse proxy, in the same words for each of them. What one of them cannot do, it refuses with a RangeError. */
export interface ProxySetup {
  /** Port of the upstream server, or ports of several that share the work. */
  readonly target: number | readonly number[];
  /** Default true: WebSocket passes as the Socket.IO documentation sets it up. False: as without those lines. */
  readonly websocket?: boolean;
  /** How the work is shared; default `round-robin`. `cookie` is sticky, and so is `ip-hash`. */
  readonly balance?: Balance;
  /** Path under which the proxy forwards requests, with a trailing slash; default `/`. Elsewhere it responds by itself. */
  readonly from?: string;
  /** What replaces `from`; default: the same. */
  readonly to?: string;
  /** How long a connection to the upstream server may be silent, in whole seconds. */
  readonly idleTimeoutS?: number;
  /** Largest body of a request. */
  readonly maxBodyBytes?: number;
  /** Answers everything with a redirect to this origin, path and query kept. */
  readonly redirect?: { readonly status: 301 | 302 | 307 | 308; readonly origin: string };
  /** Speaks TLS with it. `cert` may hold a chain. */
  readonly certificate?: Certificate;
  /** More lines in the configuration language of the proxy, for what only it can do. */
  readonly lines?: string;
}

export type Balance = 'round-robin' | 'random' | 'least-conn' | 'ip-hash' | 'cookie';

export type ProxyName = 'nginx' | 'apache' | 'haproxy' | 'caddy';

/** Ports as a list. */
export function targetsOf({ target }: ProxySetup): readonly number[] {
  return typeof target === 'number' ? [target] : target;
}
