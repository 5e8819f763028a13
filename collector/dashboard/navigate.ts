export const NAVIGATED = 'navigated';

/** Shows another page of the dashboard; `replace` where going back to the present one would be tiresome. */
export function navigate(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  window.dispatchEvent(new Event(NAVIGATED));
}
