interface SparklineProps {
  readonly values: readonly number[];
  /** What it shows, in words. */
  readonly label: string;
}

const WIDTH = 120;
const HEIGHT = 28;

/** Counts over time as tiny bars for a table row: the shape, not the numbers. */
export function Sparkline({ values, label }: SparklineProps) {
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="sparkline-ground" x={0} y={HEIGHT - 1} width={WIDTH} height={1} />
      {values.map((value, i) =>
        value === 0 ? null : (
          <rect
            key={i}
            x={i * step + step * 0.1}
            width={Math.max(1.2, step * 0.8)}
            y={HEIGHT - Math.max(3, (value / most) * HEIGHT)}
            height={Math.max(3, (value / most) * HEIGHT)}
          />
        ),
      )}
    </svg>
  );
}
