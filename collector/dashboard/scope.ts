import { hrefWith } from './route.js';

/** Parts of an address that choose which data a page is about; they stay from page to page. */
export const SCOPE = ['period', 'since', 'until', 'app', 'environment', 'release', 'engine', 'networkType'] as const;

/** An address within the same selection. */
export function scopedHref(path: string, query: URLSearchParams): string {
  return hrefWith(path, query, SCOPE);
}

/** The same selection with one part of it changed; an empty value takes it away. */
export function hrefChanged(path: string, query: URLSearchParams, changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? path : `${path}?${next}`;
}
