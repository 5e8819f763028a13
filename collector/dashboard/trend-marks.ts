import type { Overview } from '../src/stores/store.js';

/** A moment that helps to read a trend. */
export interface TrendMark {
  readonly atMs: number;
  readonly label: string;
}

/** When releases started; their apps are named if there are several. */
export function releaseMarks({ releaseStarts }: Pick<Overview, 'releaseStarts'>): readonly TrendMark[] {
  const isOneApp = new Set(releaseStarts.map(({ app }) => app)).size === 1;
  return releaseStarts.map(({ app, release, firstAtMs }) => ({
    atMs: firstAtMs,
    label: isOneApp ? release : `${app} ${release}`,
  }));
}
