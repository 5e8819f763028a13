import { CollectorError } from './collector-error.js';

/** First segments of the collector's own paths: below one of them, a request would be ambiguous. */
const OWN = ['api', 'assets', 'causes', 'healthz', 'incidents', 'metrics', 'releases', 'sessions', 'v1'];

/** A path to put in front of others, without a trailing slash; empty for `/`. A `CollectorError` says what is wrong with it. */
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
      `--base-path cannot begin with /${parts[0]}, which is a path of the collector itself. Choose another path, or let the proxy strip it.`,
    );
  }
  return `/${path}`;
}

/** The URL without the base path; unchanged if it has none, such as from a proxy that strips it or from a health check. */
export function withoutBasePath(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
}
