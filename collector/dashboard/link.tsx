import type { ComponentChildren } from 'preact';
import { navigate } from './navigate.js';

interface LinkProps {
  readonly href: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A link within the dashboard: changes the page without loading it, unless the reader asks for a new tab. */
export function Link({ href, children, class: className }: LinkProps) {
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  };
  return (
    <a href={href} class={className} onClick={go}>
      {children}
    </a>
  );
}
