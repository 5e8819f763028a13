/** The selected time in words, and the time it is compared with. */
export interface PeriodWords {
  readonly during: string;
  readonly before: string;
}

const PERIODS: Readonly<Record<string, PeriodWords>> = {
  '1h': { during: 'in the last hour', before: 'the hour before' },
  '24h': { during: 'in the last 24 hours', before: 'the 24 hours before' },
  '7d': { during: 'in the last 7 days', before: 'the 7 days before' },
  '30d': { during: 'in the last 30 days', before: 'the 30 days before' },
  all: { during: 'in all the time that is kept', before: 'the period before' },
};

export function periodWords(query: URLSearchParams): PeriodWords {
  if (query.get('since') || query.get('until'))
    return { during: 'in the chosen time', before: 'as long a time before' };
  const period = query.get('period') ?? '24h';
  return (Object.hasOwn(PERIODS, period) ? PERIODS[period] : undefined) ?? (PERIODS['24h'] as PeriodWords);
}
