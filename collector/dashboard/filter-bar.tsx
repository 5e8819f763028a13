import { Fragment } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Facets } from '../src/stores/store.js';
import { formatMinute } from './format-time.js';
import { Link } from './link.js';
import { navigate } from './navigate.js';
import { RangeForm } from './range-form.js';
import { hrefChanged } from './scope.js';
import { useQuestion } from './use-question.js';

interface FilterBarProps {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Default: the filters that every page has. */
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
/** For all time, a month is a good starting point. */
const HOURS: Readonly<Record<string, number>> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720, all: 720 };
/** Not a period, but the wish for one that is not in the list. */
const PICK = 'pick';
const STATUSES: readonly Choice[] = [
  ['', 'Any status'],
  ['open', 'Open'],
  ['resolved', 'Resolved'],
  ['abandoned', 'Abandoned'],
];

/** The filters of a page; they live in its URL and nowhere else. */
export function FilterBar({ path, query, names = OF_EVERY_PAGE }: FilterBarProps) {
  const { data: facets } = useQuestion<Facets>('/api/facets');
  const [isPicking, setPicking] = useState(false);
  const period = useRef<HTMLSelectElement>(null);
  const set = (name: FilterName, value: string, replace = false) => {
    // Nothing is chosen yet, so the page stays as it is.
    if (name === 'period') setPicking(value === PICK);
    if (value === PICK) return;
    const isDefault = name === 'period' && value === '24h';
    const times = name === 'period' ? { since: '', until: '' } : {};
    navigate(hrefChanged(path, query, { [name]: isDefault ? '' : value, ...times }), { replace });
  };
  const among = (all: string, values: readonly string[] | undefined): readonly Choice[] => [
    ['', all],
    ...(values ?? []).map((value): Choice => [value, value]),
  ];
  const choicesOf: Record<Exclude<FilterName, 'search'>, readonly Choice[]> = {
    period: [...PERIODS, [PICK, 'Custom range…']],
    app: among('All apps', facets?.apps),
    environment: among('All environments', facets?.environments),
    release: among('All releases', facets?.releases),
    engine: among('All browsers', facets?.engines),
    networkType: among('All networks', facets?.networkTypes),
    status: STATUSES,
    code: among('All causes', facets?.codes),
  };
  const close = () => {
    setPicking(false);
    // The form, which had the focus, is about to disappear.
    period.current?.focus();
  };
  const choose = (sinceMs: number, untilMs: number | undefined) => {
    close();
    const iso = (ms: number) => new Date(ms).toISOString();
    const until = untilMs === undefined ? '' : iso(untilMs);
    navigate(hrefChanged(path, query, { period: '', since: iso(sinceMs), until }));
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
        const shown = isChosenRange ? 'range' : (query.get(name) ?? (name === 'period' ? '24h' : ''));
        const isOpen = name === 'period' && isPicking;
        const value = isOpen ? PICK : shown;
        const known = choicesOf[name];
        // Nothing to choose from.
        if (known.length <= 2 && name !== 'period' && name !== 'status' && !query.has(name)) return null;
        const label = isChosenRange ? rangeOf(query) : shown;
        const choices = known.some(([one]) => one === shown) ? known : [...known, [shown, label] as const];
        const select = (
          <select
            ref={name === 'period' ? period : null}
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
        // A fragment in both cases, so that the field that opened the form stays the same element and keeps the focus.
        return (
          <Fragment key={name}>
            {select}
            {isOpen && <RangeForm {...timesOf(query)} onChoose={choose} onCancel={close} />}
          </Fragment>
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
  const moment = (ms: number | undefined) => (ms === undefined ? '…' : formatMinute(ms));
  return `${moment(momentOf(query, 'since'))} – ${moment(momentOf(query, 'until'))}`;
}

/** The initial values of the form for a custom range. */
function timesOf(query: URLSearchParams): { readonly sinceMs: number; readonly untilMs: number | undefined } {
  const { [query.get('period') ?? '']: hours = 24 } = HOURS;
  const untilMs = momentOf(query, 'until');
  const sinceMs = momentOf(query, 'since') ?? (untilMs ?? Date.now()) - hours * 3_600_000;
  return {
    sinceMs: Number.isNaN(sinceMs) ? Date.now() : sinceMs,
    untilMs: Number.isNaN(untilMs) ? undefined : untilMs,
  };
}

function momentOf(query: URLSearchParams, name: 'since' | 'until'): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}
