import { addressOf } from './address.js';

export const NAVIGATED = 'navigated';

/** Shows another page of the dashboard; use `replace` if going back to the current one would be tiresome. */
export function navigate(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', addressOf(path));
  else history.pushState(null, '', addressOf(path));
  window.dispatchEvent(new Event(NAVIGATED));
}
