import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { readAlertRules } from './alerts/alert-rule.js';
import { ALERT_FORMATS, type AlertFormat } from './alerts/encode-alert.js';
import { CollectorError } from './collector-error.js';
import { projectKeyOf, readProjectKeys } from './project-key.js';
import {
  type CollectorOptions,
  DEFAULT_DATA,
  DEFAULT_HOST,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_PORT,
  DEFAULT_RATE_PER_ADDRESS,
  DEFAULT_RATE_PER_KEY,
} from './start-collector.js';
import { isClickHouseAddress } from './stores/clickhouse/parse-clickhouse-address.js';

export type Command =
  | { readonly name: 'start'; readonly options: CollectorOptions }
  | { readonly name: 'export'; readonly file: string; readonly place: string }
  | { readonly name: 'import'; readonly file: string; readonly place: string }
  | { readonly name: 'migrate'; readonly store: string }
  | ({ readonly name: 'rejudge' } & RejudgeCommand)
  | { readonly name: 'help' }
  | { readonly name: 'version' };

export interface RejudgeCommand {
  /** A folder, or the address of a ClickHouse server. */
  readonly place: string;
  readonly code?: string;
  readonly sinceMs?: number;
  readonly apply: boolean;
}

export const HELP = `Usage: socket.io-diagnostics-collector [options]
       socket.io-diagnostics-collector export <file> [--data <folder> | --store <address>]
       socket.io-diagnostics-collector import <file> [--data <folder> | --store <address>]
       socket.io-diagnostics-collector rejudge [--data <folder> | --store <address>]
                                               [--code <code>] [--since <time>] [--apply]
       socket.io-diagnostics-collector migrate --store <address>

Receives, stores and shows what socket.io-diagnostics sends.

  export, import         all records as NDJSON, packed if the file ends in .gz;
                         importing again changes nothing
  rejudge                what the rules of the installed socket.io-diagnostics
                         say of the stored incidents, of one cause or since
                         7d, 24h or a date; --apply stores it beside the records
  migrate                makes or changes the tables in ClickHouse, as every
                         start does; for a user who has the right to

  --port <number>        port to listen on, 0 picks a free one   (${DEFAULT_PORT})
  --host <address>       address to listen on                    (${DEFAULT_HOST})
  --data <folder>        where the database is kept              (./${DEFAULT_DATA})
  --store <address>      keeps records in ClickHouse instead, where several
                         collectors share them (or set COLLECTOR_STORE):
                         clickhouse://user:password@host:8123/database,
                         clickhouses:// for HTTPS, ?cluster=<name>
  --read-token <token>   asked of whoever reads the dashboard or its API;
                         required unless --host is a loopback address
                         (or set COLLECTOR_READ_TOKEN)
  --key <name=secret>    lets a project write; may come several times.
                         Without a key everybody may write
  --keys <file>          keys as JSON: [{"name", "secret", "apps", "origins"}]
  --rate-per-address <n> requests per second of one address      (${DEFAULT_RATE_PER_ADDRESS})
  --rate-per-key <n>     requests per second with one key        (${DEFAULT_RATE_PER_KEY})
                         ten seconds' worth may come at once; 0 does not limit
  --trust-proxy <n>      how many proxies are in front, or their addresses:
                         theirs is the X-Forwarded-For that is believed
  --max-connections <n>  how many may be open at once            (${DEFAULT_MAX_CONNECTIONS})
  --max-waiting-mb <n>   what may wait for the disk in memory    (64)
  --keep-days <n>        deletes what is older                   (nothing)
  --max-size-mb <n>      deletes the oldest beyond this size, but
                         nothing of the last hour                (no limit)
  --alert-webhook <url>  gets a POST when a cause hits many sessions
                         or came with a release                  (nobody is told)
  --alerts <file>        when, as JSON: {"rules": [...]}         (5 % of at least
                         10 sessions in an hour, and what a release brought)
  --alert-format <name>  json, which Slack shows, or teams       (json)
  --alert-secret <text>  signs what is posted; also COLLECTOR_ALERT_SECRET
  --public-url <url>     where the dashboard is, for links in alerts
  --version              print the version
  --help                 print this
`;

/** Reads the command line; a `CollectorError` names what is wrong with it. */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  if (args[0] === 'rejudge') return rejudgeOf(args.slice(1), env);
  const named = (['export', 'import', 'migrate'] as const).find((name) => name === args[0]);
  const { values, positionals: rest } = parse(named === undefined ? args : args.slice(1), named !== undefined);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const store = storeOf(values, env);
  if (named === 'migrate') {
    if (store === undefined)
      throw new CollectorError('migrate takes --store; an SQLite database is migrated at every start.');
    return { name: 'migrate', store };
  }
  if (named !== undefined) return transferOf(named, rest, store ?? values.data);
  const readToken = values['read-token'] ?? env.COLLECTOR_READ_TOKEN;
  const keys = [
    ...(values.key ?? []).map(projectKeyOf),
    ...(values.keys === undefined ? [] : readProjectKeys(values.keys)),
  ];
  return {
    name: 'start',
    options: {
      ...(values.port === undefined ? {} : { port: portOf(values.port) }),
      ...notEmpty('host', values.host),
      ...notEmpty('data', values.data),
      ...(store === undefined ? {} : { store }),
      ...(keys.length === 0 ? {} : { keys }),
      ...numberOf('ratePerAddress', 'rate-per-address', values['rate-per-address'], 0),
      ...numberOf('ratePerKey', 'rate-per-key', values['rate-per-key'], 0),
      ...trustProxyOf(values['trust-proxy']),
      ...numberOf('maxConnections', 'max-connections', values['max-connections'], 1),
      ...numberOf('maxWaitingBytes', 'max-waiting-mb', values['max-waiting-mb'], 1, 1024 * 1024),
      ...numberOf('keepDays', 'keep-days', values['keep-days'], 1),
      ...numberOf('maxSizeBytes', 'max-size-mb', values['max-size-mb'], 1, 1024 * 1024),
      ...alertsOf(values, env),
      ...(readToken === undefined ? {} : { readToken: readTokenOf(readToken) }),
    },
  };
}

function transferOf(name: 'export' | 'import', files: readonly string[], place = DEFAULT_DATA): Command {
  const [file] = files;
  if (!file || files.length > 1) throw new CollectorError(`${name} takes one file such as records.ndjson.gz.`);
  return { name, file, place };
}

function storeOf(
  { store, data }: { readonly store?: string | undefined; readonly data?: string | undefined },
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (store !== undefined && data !== undefined) {
    throw new CollectorError('Records are kept either in --store or in --data: give one of them.');
  }
  // The address from the environment is for whoever names no folder.
  const value = store ?? (data === undefined ? env.COLLECTOR_STORE : undefined);
  if (value === undefined) return undefined;
  if (!isClickHouseAddress(value)) {
    throw new CollectorError(
      `--store takes the address of a ClickHouse server, clickhouse://user:password@host:8123/database; for SQLite name a folder with --data.`,
    );
  }
  return value;
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function rejudgeOf(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values } = withAdvice(() =>
    parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        store: { type: 'string' },
        code: { type: 'string' },
        since: { type: 'string' },
        apply: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  );
  if (values.help) return { name: 'help' };
  const { code, since, apply } = values;
  return {
    name: 'rejudge',
    place: storeOf(values, env) ?? values.data ?? DEFAULT_DATA,
    apply,
    ...(code === undefined ? {} : { code }),
    ...(since === undefined ? {} : { sinceMs: sinceOf(since) }),
  };
}

function sinceOf(value: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  const at = amount === undefined ? Date.parse(value) : Date.now() - Number(amount) * (UNITS_MS[unit] ?? 0);
  if (Number.isNaN(at)) {
    throw new CollectorError(
      `--since takes a length of time such as 24h or 7d, or a date such as 2026-01-31, not "${value}".`,
    );
  }
  return at;
}

function parse(args: readonly string[], allowPositionals: boolean) {
  return withAdvice(() =>
    parseArgs({
      args: [...args],
      allowPositionals,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        store: { type: 'string' },
        'read-token': { type: 'string' },
        key: { type: 'string', multiple: true },
        keys: { type: 'string' },
        'rate-per-address': { type: 'string' },
        'rate-per-key': { type: 'string' },
        'trust-proxy': { type: 'string' },
        'max-connections': { type: 'string' },
        'max-waiting-mb': { type: 'string' },
        'keep-days': { type: 'string' },
        'max-size-mb': { type: 'string' },
        'alert-webhook': { type: 'string' },
        alerts: { type: 'string' },
        'alert-format': { type: 'string' },
        'alert-secret': { type: 'string' },
        'public-url': { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  );
}

function withAdvice<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    // Node's messages have an advice about `--` behind the first sentence that helps nobody here.
    throw new CollectorError(`${(error as Error).message.split(/\. |\.?\n/, 1)[0]}. See --help.`);
  }
}

function portOf(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new CollectorError(`--port takes a whole number from 0 to 65535, not "${value}".`);
  }
  return port;
}

/** An option that is a whole number of `unit`, under the name that the program knows it by. */
function numberOf<K extends string>(
  name: K,
  option: string,
  value: string | undefined,
  min: number,
  unit = 1,
): { [P in K]?: number } {
  if (value === undefined) return {};
  if (!/^\d{1,9}$/.test(value) || Number(value) < min) {
    throw new CollectorError(`--${option} takes a whole number from ${min}, not "${value}".`);
  }
  return { [name]: Number(value) * unit } as { [P in K]?: number };
}

function trustProxyOf(value: string | undefined): Pick<CollectorOptions, 'trustProxy'> {
  if (value === undefined) return {};
  if (/^[1-9]\d?$/.test(value)) return { trustProxy: Number(value) };
  if (value.split(',').every((one) => isProxyAddress(one.trim()))) return { trustProxy: value };
  throw new CollectorError(
    `--trust-proxy takes how many proxies are in front, or their addresses such as 10.0.0.0/8, not "${value}".`,
  );
}

function isProxyAddress(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return true;
  const [, address = '', bits = '1'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

const ABOUT_ALERTS = ['alerts', 'alert-format', 'alert-secret', 'public-url'] as const;

function alertsOf(
  values: { readonly [name in 'alert-webhook' | (typeof ABOUT_ALERTS)[number]]?: string | undefined },
  env: NodeJS.ProcessEnv,
): Pick<CollectorOptions, 'alerts'> {
  const { 'alert-webhook': webhookUrl, 'public-url': publicUrl, 'alert-format': format } = values;
  const secret = values['alert-secret'] ?? env.COLLECTOR_ALERT_SECRET;
  if (webhookUrl === undefined) {
    const [alone] = ABOUT_ALERTS.filter((name) => values[name] !== undefined);
    if (alone !== undefined)
      throw new CollectorError(`--${alone} needs --alert-webhook: it is about what is posted there.`);
    return {};
  }
  if (secret !== undefined && secret.length < 16)
    throw new CollectorError('--alert-secret takes at least 16 characters.');
  return {
    alerts: {
      webhookUrl,
      ...(secret === undefined ? {} : { secret }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(format === undefined ? {} : { format: formatOf(format) }),
      ...(values.alerts === undefined ? {} : { rules: readAlertRules(values.alerts) }),
    },
  };
}

function formatOf(value: string): AlertFormat {
  const format = ALERT_FORMATS.find((name) => name === value);
  if (format === undefined)
    throw new CollectorError(`--alert-format takes ${ALERT_FORMATS.join(' or ')}, not "${value}".`);
  return format;
}

function notEmpty<K extends 'host' | 'data'>(name: K, value: string | undefined): { [P in K]?: string } {
  if (value === '') throw new CollectorError(`--${name} takes a value, not nothing.`);
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };
}

function readTokenOf(value: string): string {
  if (!/^\S{8,}$/.test(value)) throw new CollectorError('--read-token takes at least 8 characters without spaces.');
  return value;
}
