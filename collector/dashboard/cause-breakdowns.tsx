import type { CauseDimension, CauseReport, Overview, Segment } from '../src/stores/store.js';
import { type Spread, spreadOf } from './cause-spread.js';
import { formatNumber, formatShare } from './format-number.js';
import { formatTimes } from './format-times.js';
import { Meter } from './meter.js';

interface CauseBreakdownsProps {
  readonly by: CauseReport['by'];
  /** How all sessions are spread; absent until it is known. */
  readonly usual: Overview['by'] | undefined;
}

const TITLES: Readonly<Record<CauseDimension, string>> = {
  release: 'Release',
  engineVersion: 'Browser version',
  networkType: 'Network',
  engine: 'Browser',
  transport: 'Transport',
  host: 'Host',
  clientVersion: 'Version of socket.io-client',
};

/** Where a cause happens: in one line what all of its sessions share, then how the rest differs from all sessions. */
export function CauseBreakdowns({ by, usual }: CauseBreakdownsProps) {
  const dimensions = (Object.keys(TITLES) as CauseDimension[]).map((name) => ({
    name,
    title: TITLES[name],
    spread: spreadOf(by[name], segmentsOf(usual, name)),
  }));
  const isShared = ({ spread }: (typeof dimensions)[number]) => spread.length === 1;
  const shared = dimensions.filter((one) => isShared(one) && one.spread[0]?.value !== '');
  return (
    <section aria-labelledby="spread">
      <h2 id="spread">Where it happens</h2>
      {shared.length > 0 && (
        <dl class="card facts shared">
          {shared.map(({ name, title, spread }) => (
            <div key={name}>
              <dt>{title} of all sessions</dt>
              <dd>
                <span class="mono">{spread[0]?.value}</span> {spread[0] && <Usual {...spread[0]} />}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div class="breakdowns">
        {dimensions
          .filter((one) => !isShared(one) && one.spread.length > 0)
          .map(({ name, title, spread }) => (
            <Breakdown key={name} title={title} spread={spread} />
          ))}
      </div>
      <p class="quiet under">
        Shares are of the affected sessions. The line in a bar marks the share of all sessions, affected or not: values
        that exceed it far and not by chance have a badge that says how many times.
      </p>
    </section>
  );
}

function Breakdown({ title, spread }: { readonly title: string; readonly spread: readonly Spread[] }) {
  return (
    <section class="card breakdown">
      <h3>{title}</h3>
      <ul>
        {spread.map((one) => (
          <li key={one.value} class={one.times === undefined ? '' : 'stands-out'}>
            <span class={one.value === '' ? 'quiet' : 'mono'}>
              {one.value === '' ? 'unknown' : one.value} <Usual {...one} />
            </span>
            <span class="breakdown-share">
              {one.value !== '' && `${formatShare(one.share)} `}
              <span class="quiet">
                {formatNumber(one.sessions)}
                <span class="visually-hidden"> sessions</span>
              </span>
            </span>
            <Meter share={one.share ?? 0} usual={one.usualShare} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Says in words what the line in the bar shows. */
function Usual({ times, usualShare }: Spread) {
  if (usualShare === undefined) return null;
  const text = `${formatShare(usualShare)} of all sessions`;
  return times === undefined ? (
    <span class="visually-hidden">, {text}</span>
  ) : (
    <span class="badge badge-bad" title={text}>
      {formatTimes(times)} <span class="visually-hidden">as often, {text}</span>
    </span>
  );
}

function segmentsOf(usual: Overview['by'] | undefined, name: CauseDimension): readonly Segment[] {
  return usual !== undefined && Object.hasOwn(usual, name) ? usual[name as keyof Overview['by']] : [];
}
