export type Route = { readonly query: URLSearchParams } & (
  | { readonly page: 'overview' }
  | { readonly page: 'cause'; readonly code: string }
  | { readonly page: 'incident'; readonly id: string }
);

/** Which page an address means; what is not known shows the overview. */
export function routeOf(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const [, folder, name] = /^\/(causes|incidents)\/([^/]+)$/.exec(path) ?? [];
  const decoded = name === undefined ? undefined : decode(name);
  if (folder === 'causes' && decoded !== undefined) return { page: 'cause', code: decoded, query };
  if (folder === 'incidents' && decoded !== undefined) return { page: 'incident', id: decoded, query };
  return { page: 'overview', query };
}

/** An address that keeps only the named parts of a query. */
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
