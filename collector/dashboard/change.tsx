import { formatNumber } from './format-number.js';
import { formatTimes } from './format-times.js';
import { pointsBetween } from './points-between.js';

interface ChangeProps {
  readonly now: number | undefined;
  /** Absent if there is nothing to compare with. */
  readonly before: number | undefined;
  /** Which direction is good news; with `neither`, the change is only stated. */
  readonly better: 'higher' | 'lower' | 'neither';
  /** Shares change by percentage points, everything else by a fraction of what it was. */
  readonly unit?: 'part' | 'points';
  readonly format: (value: number) => string;
  /** What it is compared with; default: the previous period. */
  readonly against?: string;
}

/** How a figure changed, in words; the arrow and the color only repeat them. */
export function Change({ now, before, better, unit = 'part', format, against = 'the previous period' }: ChangeProps) {
  if (now === undefined || before === undefined) return null;
  const difference = unit === 'points' ? pointsBetween(before, now) : now - before;
  const isSame = unit === 'points' ? difference === 0 : Math.abs(difference) <= Math.abs(before) * 0.005;
  if (isSame) {
    return (
      <span class="change">
        unchanged<span class="visually-hidden"> against {against}</span>
      </span>
    );
  }
  const isUp = difference > 0;
  const verdict = better === 'neither' ? 'plain' : isUp === (better === 'higher') ? 'good' : 'bad';
  return (
    <span class={`change change-${verdict}`} title={`${format(before)} in ${against}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path d={isUp ? 'M5 1.5L9 8H1z' : 'M5 8.5L1 2h8z'} />
      </svg>
      <span class="visually-hidden">{isUp ? 'up ' : 'down '}</span>
      {amountOf(difference, before, unit)}
      <span class="visually-hidden">
        {verdict === 'plain' ? '' : verdict === 'good' ? ', which is better,' : ', which is worse,'} against {against}
      </span>
      <span class="change-from"> from {format(before)}</span>
    </span>
  );
}

function amountOf(difference: number, before: number, unit: 'part' | 'points'): string {
  if (unit === 'points') return `${Math.abs(difference).toFixed(1)} points`;
  if (before === 0) return 'new';
  const part = Math.abs(difference / before);
  // For a change from a handful to hundreds, a percentage says nothing.
  return part >= 2 ? formatTimes(1 + part) : `${formatNumber(Math.max(1, part * 100))}%`;
}
