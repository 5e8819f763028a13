import { addressOf } from './address.js';

export const NAVIGATED = 'navigated';

/** Shows another page of the dashboard; `replace` where going back to the present one would be tiresome. */
export function navigate(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', addressOf(path));
  else history.pushState(null, '', addressOf(path));
  window.dispatchEvent(new Event(NAVIGATED));
}
