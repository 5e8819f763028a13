/** Text from the catalogue: anything between backticks is code. */
export function Prose({ text }: { readonly text: string }) {
  return <p>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={part}>{part}</code> : part))}</p>;
}
