import type { ComponentChildren } from 'preact';

interface StaleProps {
  readonly isStale: boolean | undefined;
  readonly children: ComponentChildren;
}

/** Dims what still shows the selection of before, instead of letting the page collapse until the new answer is here. */
export function Stale({ isStale = false, children }: StaleProps) {
  return (
    <div class={`page-body ${isStale ? 'stale' : ''}`} aria-busy={isStale}>
      {children}
    </div>
  );
}
