import { useRef, useState } from 'preact/hooks';
import { fromField, toField } from './moment-field.js';

interface RangeFormProps {
  /** The initial start: what is shown now. */
  readonly sinceMs: number;
  /** The initial end; absent: now. */
  readonly untilMs: number | undefined;
  /** Without an end, the range follows the clock. */
  readonly onChoose: (sinceMs: number, untilMs: number | undefined) => void;
  readonly onCancel: () => void;
}

interface Problem {
  readonly field: 'from' | 'to';
  readonly text: string;
}

/** Asks for the two moments between which everything is shown. */
export function RangeForm({ sinceMs, untilMs, onChoose, onCancel }: RangeFormProps) {
  const from = useRef<HTMLInputElement>(null);
  const to = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem>();
  // The initial values: a page that updates by itself must not change them while somebody is typing.
  const [first] = useState(() => ({ from: toField(sinceMs), to: untilMs === undefined ? '' : toField(untilMs) }));

  const choose = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = { from: from.current, to: to.current };
    if (fields.from === null || fields.to === null) return;
    const start = fromField(fields.from.value);
    const end = fromField(fields.to.value);
    const found = problemOf(start, end, fields.to.validity.badInput);
    setProblem(found);
    if (found !== undefined) fields[found.field]?.focus();
    else if (start !== undefined) onChoose(start, end);
  };
  const described = (field: Problem['field'], hint?: string) => ({
    'aria-invalid': problem?.field === field,
    'aria-describedby': problem?.field === field ? 'range-problem' : hint,
  });
  return (
    <form
      class="range"
      aria-label="Custom range"
      noValidate
      onSubmit={choose}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <label>
        From
        <input ref={from} type="datetime-local" defaultValue={first.from} {...described('from')} />
      </label>
      <label>
        To
        <input ref={to} type="datetime-local" defaultValue={first.to} {...described('to', 'range-hint')} />
      </label>
      <span class="range-buttons">
        <button type="submit" class="primary">
          Show
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </span>
      {problem === undefined ? (
        <p class="quiet range-told" id="range-hint">
          Leave “To” empty to show everything up to now.
        </p>
      ) : (
        <p class="problem range-told" id="range-problem" role="alert">
          {problem.text}
        </p>
      )}
    </form>
  );
}

function problemOf(start: number | undefined, end: number | undefined, isEndHalf: boolean): Problem | undefined {
  if (start === undefined) return { field: 'from', text: '“From” needs a date and a time.' };
  if (start > Date.now()) return { field: 'from', text: '“From” must not be in the future.' };
  if (end === undefined && isEndHalf) return { field: 'to', text: '“To” needs a date and a time, or must be empty.' };
  if (end !== undefined && end <= start) return { field: 'to', text: '“To” must be later than “From”.' };
  return undefined;
}
