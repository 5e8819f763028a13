export type Route = { readonly query: URLSearchParams } & (
  | { readonly page: 'overview' }
  | { readonly page: 'incidents' }
  | { readonly page: 'releases' }
  | { readonly page: 'cause'; readonly code: string }
  | { readonly page: 'incident'; readonly id: string }
  | { readonly page: 'session'; readonly id: string }
);

/** Which page a URL means; an unknown one shows the overview. */
export function routeOf(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  if (path === '/incidents') return { page: 'incidents', query };
  if (path === '/releases') return { page: 'releases', query };
  const [, folder, name] = /^\/(causes|incidents|sessions)\/([^/]+)$/.exec(path) ?? [];
  const decoded = name === undefined ? undefined : decode(name);
  if (decoded === undefined) return { page: 'overview', query };
  if (folder === 'causes') return { page: 'cause', code: decoded, query };
  return { page: folder === 'incidents' ? 'incident' : 'session', id: decoded, query };
}

/** A URL that keeps only the named parts of a query. */
export function hrefWith(path: string, query: URLSearchParams, names: readonly string[]): string {
  const kept = new URLSearchParams([...query].filter(([name, value]) => names.includes(name) && value !== ''));
  return kept.size === 0 ? path : `${path}?${kept}`;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
