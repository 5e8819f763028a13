import { CollectorError } from './collector-error.js';

/** First parts of the collector's own addresses: below one of them a request could mean both. */
const OWN = ['api', 'assets', 'causes', 'healthz', 'incidents', 'metrics', 'releases', 'sessions', 'v1'];

/** A path as it is put in front of others, without a slash at its end: empty for `/`. A `CollectorError` says what is wrong with it. */
export function readBasePath(text: string): string {
  const [, path = ''] = /^\/(.*?)\/?$/.exec(text) ?? [];
  const parts = path.split('/');
  if (text === '/') return '';
  if (!parts.every((part) => /^[\w~-][\w.~-]*$/.test(part)) || !text.startsWith('/')) {
    throw new CollectorError(
      `--base-path takes a path such as /diagnostics, of letters, digits, "-", ".", "_" and "~", not ${JSON.stringify(text).slice(0, 80)}.`,
    );
  }
  if (OWN.includes(parts[0] ?? '')) {
    throw new CollectorError(
      `--base-path cannot begin with /${parts[0]}, which is an address of the collector itself. Choose another path, or let the proxy take it away.`,
    );
  }
  return `/${path}`;
}

/** A request that came below the base path without it; any other as it is, such as from a proxy that takes it away or a health check. */
export function withoutBasePath(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
}
