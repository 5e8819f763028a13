import type { TargetFacts } from '../signals/timeline.js';
import { urlHost } from '../signals/url-host.js';
import type { ProbeContext } from './probe.js';

export interface UrlParts {
  /** `unknown`: one that no server has. */
  readonly transport: 'polling' | 'websocket' | 'unknown';
  readonly path?: string;
  readonly protocol?: 3 | 4;
  readonly secure?: boolean;
  readonly sid?: string;
}

/** Starts the `t` of every probe over HTTP, so that tools which trace requests can be configured to leave them out. */
export const PROBE_MARK = 'siodiag';

/** The URL of a probe: the socket's own host, without the app's query, which can contain secrets. */
export function probeUrl({ target, client, runtime }: ProbeContext, parts: UrlParts): string {
  const { transport, path = target.path, protocol = client.protocol ?? 4, secure = target.secure, sid } = parts;
  const session = sid ? `&sid=${encodeURIComponent(sid)}` : '';
  // Never answered from a cache: like the client's own `t`.
  const unique = transport === 'websocket' ? '' : `&t=${PROBE_MARK}${Math.floor(runtime.random() * 1e9).toString(36)}`;
  const scheme = transport === 'websocket' ? 'ws' : 'http';
  return `${originUrl(target, scheme, secure)}${path}?EIO=${protocol}&transport=${transport}${session}${unique}`;
}

/** Scheme, host and port of the socket's server, without a path. */
export function originUrl({ host, port, secure }: TargetFacts, scheme: 'http' | 'ws', isSecure = secure): string {
  return `${scheme}${isSecure ? 's' : ''}://${urlHost(host)}:${port}`;
}
