import type { Headline, Segment } from '../src/stores/store.js';
import { formatNumber, formatRate, formatShare } from './format-number.js';
import { Link } from './link.js';
import { Meter } from './meter.js';
import { perThousand } from './per-thousand.js';
import { hrefChanged } from './scope.js';
import { isWorse, MIN_SESSIONS } from './worse.js';

interface SegmentTableProps {
  readonly title: string;
  /** Heading of the first column. */
  readonly name: string;
  readonly segments: readonly Segment[];
  /** All of them together. */
  readonly whole: Headline;
  readonly query: URLSearchParams;
  /** Filters that select a segment; empty if none does. */
  readonly filterOf: (value: string) => Readonly<Record<string, string>>;
}

/** Where things are worse than elsewhere: worse segments first, then by number of sessions. */
export function SegmentTable({ title, name, segments, whole, query, filterOf }: SegmentTableProps) {
  const most = Math.max(
    0.01,
    ...segments.filter(({ sessions }) => sessions >= MIN_SESSIONS).map(({ failedShare = 0 }) => failedShare),
  );
  const rows = segments
    .map((segment) => ({ ...segment, isWorse: isWorse(segment, whole) }))
    .sort((a, b) => Number(b.isWorse) - Number(a.isWorse) || b.sessions - a.sessions);
  return (
    <section class="card">
      <h3>{title}</h3>
      {segments.length === 0 ? (
        <p class="nothing">No data in this selection.</p>
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
            {rows.map((segment) => {
              const filter = segment.value === '' ? {} : filterOf(segment.value);
              const label = segment.value === '' ? 'unknown' : segment.value;
              return (
                <tr key={segment.value} class={segment.isWorse ? 'worse' : ''}>
                  <th scope="row">
                    {Object.keys(filter).length === 0 ? (
                      <span class="quiet">{label}</span>
                    ) : (
                      <Link href={hrefChanged('/', query, filter)} stays>
                        {label}
                      </Link>
                    )}
                    {segment.isWorse && <span class="badge badge-bad">worse</span>}
                  </th>
                  <td>{formatNumber(segment.sessions)}</td>
                  <td>
                    {formatShare(segment.failedShare)}
                    <Meter share={Math.min(1, (segment.failedShare ?? 0) / most)} />
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
