import { CollectorError } from './collector-error.js';
import type { CollectorOptions } from './collector-options.js';
import { isProxyList } from './is-proxy-list.js';

interface Check {
  readonly takes: string;
  readonly fits: (value: unknown) => boolean;
}

const text: Check = { takes: 'a non-empty string', fits: (value) => typeof value === 'string' && value !== '' };
const object: Check = { takes: 'an object', fits: (value) => typeof value === 'object' && value !== null };
const number = (takes: string, fits: (value: number) => boolean): Check => ({
  takes,
  fits: (value) => typeof value === 'number' && Number.isFinite(value) && fits(value),
});
const rate = number('a number of at least 0, where 0 means no limit', (value) => value >= 0);
const bytes = number('a number of bytes, at least 1', (value) => value >= 1);

/** All options: a misspelled one would be a limit that nobody enforces. */
const CHECKS: Readonly<Record<keyof CollectorOptions, Check>> = {
  port: number('a whole number from 0 to 65535', (value) => Number.isInteger(value) && value >= 0 && value <= 65_535),
  host: text,
  basePath: text,
  data: text,
  store: text,
  readToken: {
    takes: 'at least 8 characters without spaces',
    fits: (value) => typeof value === 'string' && /^\S{8,}$/.test(value),
  },
  maxWaitingBytes: bytes,
  keys: { takes: 'a list of keys', fits: Array.isArray },
  ratePerAddress: rate,
  ratePerKey: rate,
  trustProxy: {
    takes: 'the number of proxies in front, or their addresses',
    fits: (value) =>
      typeof value === 'string' ? isProxyList(value) : Number.isInteger(value) && (value as number) >= 0,
  },
  maxConnections: number('a whole number of at least 1', (value) => Number.isInteger(value) && value >= 1),
  keepDays: number('a number above 0', (value) => value > 0),
  maxSizeBytes: bytes,
  alerts: object,
  logger: object,
};

/** Options whose value must not be shown. */
const SECRETS: ReadonlySet<string> = new Set(['readToken', 'store', 'keys', 'alerts', 'logger']);

/** Throws a `CollectorError` that names what is wrong: the option, what it takes and what it was given. */
export function checkCollectorOptions(options: CollectorOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof CollectorOptions] : undefined;
    if (check === undefined) {
      throw new CollectorError(
        `Unknown option "${name.slice(0, 60)}"; the options are ${Object.keys(CHECKS).join(', ')}.`,
      );
    }
    if (value === undefined || check.fits(value)) continue;
    const came = SECRETS.has(name) ? '' : `, not ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
    throw new CollectorError(`${name} takes ${check.takes}${came.slice(0, 80)}.`);
  }
}
