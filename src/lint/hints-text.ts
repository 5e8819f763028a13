import type { LocalHints } from '../diagnosis/local-hints.js';

/** Where in the app's code a finding is, for the console. */
export function hintsText(hints: LocalHints | undefined): string {
  const { where, events = [], functions = [] } = hints ?? {};
  const names = [...events.map((name) => `'${name}'`), ...functions.map((name) => `${name}()`)].join(', ');
  return `${names && `Affected: ${names}. `}${where === undefined ? '' : `At ${where}. `}`;
}
