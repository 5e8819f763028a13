import { CopyButton } from './copy-button.js';

/** Code to copy. */
export function Snippet({ text }: { readonly text: string }) {
  return (
    <div class="snippet">
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} class="copy" />
    </div>
  );
}
