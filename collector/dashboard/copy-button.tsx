import { useState } from 'preact/hooks';

interface CopyButtonProps {
  /** What to copy, or what makes it. */
  readonly text: string | (() => string);
  readonly label?: string;
  readonly class?: string;
}

/** Copies a text; absent where the browser gives pages no clipboard, as over plain HTTP. */
export function CopyButton({ text, label = 'Copy', class: className = '' }: CopyButtonProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  // lib.dom says that it is always there.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return null;
  const copy = () =>
    clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  const outcome = { ready: undefined, copied: 'Copied', failed: 'Not copied' }[state];
  return (
    <>
      <button type="button" class={`small ${className}`} onClick={copy} onBlur={() => setState('ready')}>
        {outcome ?? label}
      </button>
      <span class="visually-hidden" role="status">
        {outcome}
      </span>
    </>
  );
}
