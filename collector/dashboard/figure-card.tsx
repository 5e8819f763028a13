import type { ComponentChildren } from 'preact';

interface FigureCardProps {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  /** What is worth knowing next to the value. */
  readonly note?: ComponentChildren;
  readonly change: ComponentChildren;
  /** Its chart over time. */
  readonly children: ComponentChildren;
}

/** One headline figure: its value, its change, its chart. */
export function FigureCard({ id, name, value, note, change, children }: FigureCardProps) {
  return (
    <section class={`card figure figure-${id}`} aria-labelledby={`figure-${id}`}>
      <div class="figure-head">
        <h3 id={`figure-${id}`}>{name}</h3>
        <p class="figure-value">{value}</p>
        <p class="figure-change">{change}</p>
      </div>
      {note !== undefined && <p class="figure-note">{note}</p>}
      {children}
    </section>
  );
}
