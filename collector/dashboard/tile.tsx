import type { ComponentChildren } from 'preact';

interface TileProps {
  readonly name: string;
  readonly value: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly tone?: 'bad' | 'good';
}

/** One headline number. */
export function Tile({ name, value, note, tone }: TileProps) {
  return (
    <div class={`tile ${tone === undefined ? '' : `tile-${tone}`}`}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {note !== undefined && <span>{note}</span>}
      </dd>
    </div>
  );
}
