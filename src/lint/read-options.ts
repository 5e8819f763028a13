import type { OptionsGiven } from '../signals/usage.js';
import type { Check } from './checked-socket.js';

/** What looks like the name of an option; anything else could be a misplaced value. */
const NAME = /^[a-z][a-z0-9 _-]{1,39}$/i;
const MAX_NAMES = 60;
/** What the engine takes from the URL (engine.io-client 1.8 to 6.6, constructor): an option of the same name is overwritten. */
const FROM_URL: readonly string[] = ['hostname', 'secure', 'port', 'query'];

/** Reads which options `io()` was given: their names, their switches and the numbers that the client compares. */
export const readOptions: Check = ({ socket, delay, found }) => {
  const { opts, uri } = socket.io;
  const keys = Object.keys(opts ?? {});
  const names = keys.filter((name) => NAME.test(name)).slice(0, MAX_NAMES);
  const fact: OptionsGiven = {
    fact: 'options-given',
    names,
    on: names.filter((name) => opts?.[name] === true),
    numbers: {
      ...numberOf(opts, 'reconnectionDelay'),
      ...numberOf(opts, 'reconnectionDelayMax'),
      ...numberOf(opts, 'reconnectionAttempts'),
    },
    besideUrl: besideUrl(keys).filter((name) => isDecided(name, opts, uri)),
    ...strangeScheme(uri),
  };
  // Not before the app has had a chance to listen for reports.
  const cancel = delay(() => found(fact), 0);
  return { stop: cancel };
};

function numberOf(opts: Readonly<Record<string, unknown>> | undefined, name: string): Record<string, number> {
  const value = opts?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? { [name]: value } : {};
}

/**
 * The engine writes what it takes from the URL into the same object, in the order of `FROM_URL`: a key that precedes `hostname` was there
 * already. Without an engine there is no `hostname` yet, and it cannot be determined.
 */
function besideUrl(keys: readonly string[]): string[] {
  const written = keys.indexOf('hostname');
  // If the app sets an option `host` or `hostname`, it stays in its own position, and then the order says nothing.
  if (written < 0 || keys.includes('host')) return [];
  const isGiven = (name: string) => keys.includes(name) && keys.indexOf(name) < written;
  return FROM_URL.filter((name) => name !== 'hostname' && isGiven(name));
}

/** `secure: true` with an https URL merely repeats it, and a URL without a query leaves the option alone. */
function isDecided(name: string, opts: Readonly<Record<string, unknown>> | undefined, uri: unknown): boolean {
  if (name === 'secure') return opts?.secure === false;
  return name !== 'query' || String(uri).includes('?');
}

/** The client puts the scheme of the page in front of a URL that has none and, without a page, the word `undefined`. */
function strangeScheme(uri: string | undefined): Pick<OptionsGiven, 'strangeScheme'> {
  if (typeof uri !== 'string' || /^(https?|wss?):\/\//i.test(uri)) return {};
  const scheme = /^([a-z][a-z0-9+.-]{0,30}:)?/i.exec(uri)?.[1];
  return { strangeScheme: uri.startsWith('undefined') ? 'none' : (scheme ?? 'none') };
}
