import type { Overview } from '../src/stores/store.js';

/** A moment that a trend should be read with. */
export interface TrendMark {
  readonly atMs: number;
  readonly label: string;
}

/** Where releases began; their apps are named where there are several. */
export function releaseMarks({ releaseStarts }: Pick<Overview, 'releaseStarts'>): readonly TrendMark[] {
  const isOneApp = new Set(releaseStarts.map(({ app }) => app)).size === 1;
  return releaseStarts.map(({ app, release, firstAtMs }) => ({
    atMs: firstAtMs,
    label: isOneApp ? release : `${app} ${release}`,
  }));
}
