import { useState } from 'preact/hooks';

/** Copies a text; absent where the browser gives pages no clipboard, as over plain HTTP. */
export function CopyButton({ text }: { readonly text: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  // lib.dom says that it is always there.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return null;
  const copy = () =>
    clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  return (
    <button type="button" class="copy" onClick={copy} onBlur={() => setState('ready')}>
      <span role="status">{{ ready: 'Copy', copied: 'Copied', failed: 'Not copied' }[state]}</span>
    </button>
  );
}
