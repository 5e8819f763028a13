/** The selected time in words, and the time it is compared with. */
export interface PeriodWords {
  readonly during: string;
  readonly before: string;
}

const PERIODS: Readonly<Record<string, PeriodWords>> = {
  '1h': { during: 'in the last hour', before: 'the previous hour' },
  '24h': { during: 'in the last 24 hours', before: 'the previous 24 hours' },
  '7d': { during: 'in the last 7 days', before: 'the previous 7 days' },
  '30d': { during: 'in the last 30 days', before: 'the previous 30 days' },
  all: { during: 'in all stored time', before: 'the previous period' },
};

export function periodWords(query: URLSearchParams): PeriodWords {
  if (query.get('since') || query.get('until'))
    return { during: 'in the chosen range', before: 'the range of the same length before' };
  const period = query.get('period') ?? '24h';
  return (Object.hasOwn(PERIODS, period) ? PERIODS[period] : undefined) ?? (PERIODS['24h'] as PeriodWords);
}
