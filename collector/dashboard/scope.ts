import { hrefWith } from './route.js';

/** Query parameters that select the data of a page; they are kept from page to page. */
export const SCOPE = ['period', 'since', 'until', 'app', 'environment', 'release', 'engine', 'networkType'] as const;

/** A URL within the same selection. */
export function scopedHref(path: string, query: URLSearchParams): string {
  return hrefWith(path, query, SCOPE);
}

/** The same selection with some parameters changed; an empty value removes one. */
export function hrefChanged(path: string, query: URLSearchParams, changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? path : `${path}?${next}`;
}
