import { useState } from 'preact/hooks';

interface CopyButtonProps {
  /** The text to copy, or a function that makes it. */
  readonly text: string | (() => string);
  readonly label?: string;
  readonly class?: string;
}

/** Copies a text; absent if the browser gives pages no clipboard, as over plain HTTP. */
export function CopyButton({ text, label = 'Copy', class: className = '' }: CopyButtonProps) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  // According to lib.dom it is always there.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return null;
  const copy = () =>
    clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  const outcome = { ready: undefined, copied: 'Copied', failed: 'Copying failed' }[state];
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
