import type { Certificate } from './certificate.js';

/** What a real reverse proxy is told to do, in the same words for each of them. What one of them cannot do, it refuses by a RangeError. */
export interface ProxySetup {
  /** Port of the server behind, or ports of several that share the work. */
  readonly target: number | readonly number[];
  /** Default true: WebSocket passes as the documentation of Socket.IO sets it up. False: as without those lines. */
  readonly websocket?: boolean;
  /** How the work is shared; default `round-robin`. `cookie` is sticky, and so is `ip-hash`. */
  readonly balance?: Balance;
  /** Path under which the proxy passes requests on, with a slash at its end; default `/`. Elsewhere it answers by itself. */
  readonly from?: string;
  /** What it puts in place of `from`; default the same. */
  readonly to?: string;
  /** For how long a connection to the server behind may be silent, in whole seconds. */
  readonly idleTimeoutS?: number;
  /** Largest body of a request. */
  readonly maxBodyBytes?: number;
  /** Answers everything with a redirect to this origin, path and query kept. */
  readonly redirect?: { readonly status: 301 | 302 | 307 | 308; readonly origin: string };
  /** Speaks TLS with it. `cert` may hold a chain. */
  readonly certificate?: Certificate;
  /** More lines in the language of the proxy, for what only it can do. */
  readonly lines?: string;
}

export type Balance = 'round-robin' | 'random' | 'least-conn' | 'ip-hash' | 'cookie';

export type ProxyName = 'nginx' | 'apache' | 'haproxy' | 'caddy';

/** Ports as a list. */
export function targetsOf({ target }: ProxySetup): readonly number[] {
  return typeof target === 'number' ? [target] : target;
}
