import type { ComponentChildren } from 'preact';
import { addressOf } from './address.js';
import { navigate } from './navigate.js';

interface LinkProps {
  /** A path of the collector. */
  readonly href: string;
  readonly class?: string;
  /** Changes what the current page is about: the scroll position stays. */
  readonly stays?: boolean;
  /** The link leads to the page that is shown. */
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A link within the dashboard: changes the page without loading it, unless the reader asks for a new tab. */
export function Link({ href, children, class: className, stays = false, isCurrent = false }: LinkProps) {
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
    if (stays) return;
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  };
  return (
    <a href={addressOf(href)} class={className} onClick={go} {...(isCurrent && { 'aria-current': 'page' as const })}>
      {children}
    </a>
  );
}
