import type { Facets } from '../src/stores/store.js';
import { navigate } from './navigate.js';
import { useQuestion } from './use-question.js';

interface FilterBarProps {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly names: readonly FilterName[];
}

export type FilterName = 'period' | 'app' | 'release' | 'status' | 'code' | 'search';

type Choice = readonly [value: string, label: string];

const PERIODS: readonly Choice[] = [
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['all', 'All time'],
];
const STATUSES: readonly Choice[] = [
  ['', 'Any status'],
  ['open', 'Open'],
  ['resolved', 'Resolved'],
  ['abandoned', 'Abandoned'],
];

/** The filters of a page; they live in its address and nowhere else. */
export function FilterBar({ path, query, names }: FilterBarProps) {
  const { data: facets } = useQuestion<Facets>('/api/facets');
  const set = (name: FilterName, value: string, replace = false) => {
    const next = new URLSearchParams(query);
    if (value === '' || (name === 'period' && value === '24h')) next.delete(name);
    else next.set(name, value);
    navigate(next.size === 0 ? path : `${path}?${next}`, { replace });
  };
  const choicesOf: Record<Exclude<FilterName, 'search'>, readonly Choice[]> = {
    period: PERIODS,
    app: [['', 'All apps'], ...(facets?.apps ?? []).map((app): Choice => [app, app])],
    release: [['', 'All releases'], ...(facets?.releases ?? []).map((release): Choice => [release, release])],
    status: STATUSES,
    code: [['', 'All causes'], ...(facets?.codes ?? []).map((code): Choice => [code, code])],
  };
  return (
    <search class="filters">
      {names.map((name) => {
        if (name === 'search') {
          return (
            <input
              key={name}
              type="search"
              aria-label="Search"
              placeholder="Search host, cause, session…"
              value={query.get('search') ?? ''}
              onInput={(event) => set('search', event.currentTarget.value, true)}
            />
          );
        }
        const value = query.get(name) ?? (name === 'period' ? '24h' : '');
        const choices = choicesOf[name];
        const isKnown = choices.some(([known]) => known === value);
        return (
          <select key={name} aria-label={name} value={value} onChange={(event) => set(name, event.currentTarget.value)}>
            {(isKnown ? choices : [...choices, [value, value] as const]).map(([choice, label]) => (
              <option key={choice} value={choice} selected={choice === value}>
                {label}
              </option>
            ))}
          </select>
        );
      })}
    </search>
  );
}
