import type { Headline, Segment } from '../src/stores/store.js';
import { formatNumber, formatRate, formatShare } from './format-number.js';
import { Link } from './link.js';
import { perThousand } from './per-thousand.js';
import { hrefChanged } from './scope.js';

interface SegmentTableProps {
  readonly title: string;
  /** Heading of the first column. */
  readonly name: string;
  readonly segments: readonly Segment[];
  /** All of them together. */
  readonly whole: Headline;
  readonly query: URLSearchParams;
  /** Filters that select a segment; empty where none does. */
  readonly filterOf: (value: string) => Readonly<Record<string, string>>;
}

/** Fewer sessions or failures than these are chance. */
const MIN_SESSIONS = 20;
const MIN_FAILING = 3;
const MUCH_WORSE = 1.5;

/** Where it goes worse than elsewhere. */
export function SegmentTable({ title, name, segments, whole, query, filterOf }: SegmentTableProps) {
  // A handful of sessions that all failed must not dwarf the others.
  const telling = segments.filter(({ sessions }) => sessions >= MIN_SESSIONS);
  const most = Math.max(0.01, ...telling.map((segment) => segment.failedShare ?? 0));
  const usual = whole.failedShare ?? 0;
  const usualRate = perThousand(whole) ?? 0;
  const isWorse = (segment: Segment) => {
    const failing = segment.failedShare ?? 0;
    const isFailing = failing * segment.sessions >= MIN_FAILING && failing > usual * MUCH_WORSE;
    const isTroubled = segment.incidents >= MIN_FAILING && (perThousand(segment) ?? 0) > usualRate * MUCH_WORSE;
    return segment.sessions >= MIN_SESSIONS && (isFailing || isTroubled);
  };
  return (
    <section class="card">
      <h3>{title}</h3>
      {segments.length === 0 ? (
        <p class="nothing">Nothing in this selection.</p>
      ) : (
        <table class="segments">
          <thead>
            <tr>
              <th scope="col">{name}</th>
              <th scope="col">Sessions</th>
              <th scope="col">Could not connect</th>
              <th scope="col">
                Incidents <span class="nowrap">per 1,000</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {segments.map((segment) => {
              const failing = segment.failedShare;
              const filter = segment.value === '' ? {} : filterOf(segment.value);
              const label = segment.value === '' ? 'not known' : segment.value;
              return (
                <tr key={segment.value} class={isWorse(segment) ? 'worse' : ''}>
                  <th scope="row">
                    {Object.keys(filter).length === 0 ? (
                      <span class="quiet">{label}</span>
                    ) : (
                      <Link href={hrefChanged('/', query, filter)} stays>
                        {label}
                      </Link>
                    )}
                    {isWorse(segment) && <span class="badge badge-bad">worse</span>}
                  </th>
                  <td>{formatNumber(segment.sessions)}</td>
                  <td>
                    {formatShare(failing)}
                    <span class="meter" aria-hidden="true">
                      <span style={{ width: `${Math.min(1, (failing ?? 0) / most) * 100}%` }} />
                    </span>
                  </td>
                  <td>{formatRate(perThousand(segment))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
