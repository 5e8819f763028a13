import type { Facets } from '../src/stores/store.js';
import { formatMinute } from './format-time.js';
import { Link } from './link.js';
import { navigate } from './navigate.js';
import { hrefChanged } from './scope.js';
import { useQuestion } from './use-question.js';

interface FilterBarProps {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Default: what chooses the data of every page. */
  readonly names?: readonly FilterName[];
}

export type FilterName =
  | 'period'
  | 'app'
  | 'environment'
  | 'release'
  | 'engine'
  | 'networkType'
  | 'status'
  | 'code'
  | 'search';

type Choice = readonly [value: string, label: string];

const OF_EVERY_PAGE: readonly FilterName[] = ['period', 'app', 'environment', 'release', 'engine', 'networkType'];

const LABELS: Readonly<Record<FilterName, string>> = {
  period: 'Period',
  app: 'App',
  environment: 'Environment',
  release: 'Release',
  engine: 'Browser',
  networkType: 'Network',
  status: 'Status',
  code: 'Cause',
  search: 'Search',
};

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
export function FilterBar({ path, query, names = OF_EVERY_PAGE }: FilterBarProps) {
  const { data: facets } = useQuestion<Facets>('/api/facets');
  const set = (name: FilterName, value: string, replace = false) => {
    const isDefault = name === 'period' && value === '24h';
    const times = name === 'period' ? { since: '', until: '' } : {};
    navigate(hrefChanged(path, query, { [name]: isDefault ? '' : value, ...times }), { replace });
  };
  const among = (all: string, values: readonly string[] | undefined): readonly Choice[] => [
    ['', all],
    ...(values ?? []).map((value): Choice => [value, value]),
  ];
  const choicesOf: Record<Exclude<FilterName, 'search'>, readonly Choice[]> = {
    period: PERIODS,
    app: among('All apps', facets?.apps),
    environment: among('All environments', facets?.environments),
    release: among('All releases', facets?.releases),
    engine: among('All browsers', facets?.engines),
    networkType: among('All networks', facets?.networkTypes),
    status: STATUSES,
    code: among('All causes', facets?.codes),
  };
  const cleared = names.filter((name) => name !== 'period' && query.has(name));
  const isRange = query.has('since') || query.has('until');
  return (
    <search class="filters">
      {names.map((name) => {
        if (name === 'search') {
          return (
            <input
              key={name}
              type="search"
              aria-label="Search"
              placeholder="Host, cause, session…"
              value={query.get('search') ?? ''}
              onInput={(event) => set('search', event.currentTarget.value, true)}
            />
          );
        }
        const isChosenRange = name === 'period' && isRange;
        const value = isChosenRange ? 'range' : (query.get(name) ?? (name === 'period' ? '24h' : ''));
        const known = choicesOf[name];
        // Nothing to choose from.
        if (known.length <= 2 && name !== 'period' && name !== 'status' && !query.has(name)) return null;
        const label = isChosenRange ? rangeOf(query) : value;
        const choices = known.some(([one]) => one === value) ? known : [...known, [value, label] as const];
        return (
          <select
            key={name}
            aria-label={LABELS[name]}
            class={value !== '' && name !== 'period' ? 'active' : ''}
            value={value}
            onChange={(event) => set(name, event.currentTarget.value)}
          >
            {choices.map(([choice, text]) => (
              <option key={choice} value={choice} selected={choice === value}>
                {text}
              </option>
            ))}
          </select>
        );
      })}
      {cleared.length > 0 && (
        <Link
          class="clear"
          stays
          href={hrefChanged(path, query, Object.fromEntries(cleared.map((name) => [name, ''])))}
        >
          Clear filters
        </Link>
      )}
    </search>
  );
}

function rangeOf(query: URLSearchParams): string {
  const moment = (name: string) => {
    const text = query.get(name);
    return text === null ? '…' : formatMinute(/^\d+$/.test(text) ? Number(text) : Date.parse(text));
  };
  return `${moment('since')} – ${moment('until')}`;
}
