import { formatValue } from './format-value.js';

/** The properties of an object from a record, as text; nothing if it has none. */
export function Fields({ title, value }: { readonly title: string; readonly value: object }) {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return null;
  return (
    <div class="fields">
      <h3>{title}</h3>
      <dl>
        {entries.map(([name, one]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{formatValue(one)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
