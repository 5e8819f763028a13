import type { ComponentChildren } from 'preact';

interface StaleProps {
  readonly isStale: boolean | undefined;
  readonly children: ComponentChildren;
}

/** Dims content that still shows the previous selection, instead of letting the page collapse until the new response is here. */
export function Stale({ isStale = false, children }: StaleProps) {
  return (
    <div class={`page-body ${isStale ? 'stale' : ''}`} aria-busy={isStale}>
      {children}
    </div>
  );
}
