interface MeterProps {
  /** From 0 to 1; 0 draws nothing. */
  readonly share: number;
  /** Where the share would usually be. */
  readonly usual?: number | undefined;
}

/** A share as a bar; the number is next to it. */
export function Meter({ share, usual }: MeterProps) {
  return (
    <span class="meter" aria-hidden="true">
      {share > 0 && <span class="meter-bar" style={{ width: `${share * 100}%` }} />}
      {usual !== undefined && <span class="meter-usual" style={{ left: `${usual * 100}%` }} />}
    </span>
  );
}
