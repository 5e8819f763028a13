import { parseArgs } from 'node:util';
import { readAlertRules } from './alerts/alert-rule.js';
import { ALERT_FORMATS, type AlertFormat } from './alerts/encode-alert.js';
import { CollectorError } from './collector-error.js';
import type { CollectorOptions } from './collector-options.js';
import { isProxyList } from './is-proxy-list.js';
import { projectKeyOf, readProjectKeys } from './project-key.js';
import { DEFAULT_DATA } from './start-collector.js';
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

const COMMANDS = ['export', 'import', 'rejudge', 'migrate'] as const;
type CommandName = (typeof COMMANDS)[number];

/** What each command takes besides `--help`; without a command, a collector starts, which takes all other options. */
const OPTIONS_OF: Readonly<Record<CommandName, readonly string[]>> = {
  export: ['data', 'store'],
  import: ['data', 'store'],
  rejudge: ['data', 'store', 'code', 'since', 'apply'],
  migrate: ['store'],
};
const FOR_REJUDGE = ['code', 'since', 'apply'];

type Values = ReturnType<typeof parse>['values'];

/** Reads the command line; a `CollectorError` names what is wrong with it. */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values, positionals } = parse(args);
  const [word, ...rest] = positionals;
  const name = COMMANDS.find((one) => one === word);
  if (values.help) return { name: 'help' };
  if (name === undefined && word !== undefined) {
    throw new CollectorError(
      `Unknown command "${word}". The commands are ${listOf(COMMANDS)}; without a command, a collector starts.`,
    );
  }
  expectOptionsOf(name, values);
  if (name === undefined)
    return values.version ? { name: 'version' } : { name: 'start', options: startOf(values, env) };
  if (name === 'export' || name === 'import') return { name, file: fileOf(name, rest), place: placeOf(values, env) };
  if (rest[0] !== undefined) throw new CollectorError(`${name} takes only options, not "${rest[0]}".`);
  if (name === 'rejudge') return rejudgeOf(values, env);
  const store = storeOf(values, env);
  if (store === undefined) {
    throw new CollectorError('migrate needs --store; an SQLite database is migrated at every start.');
  }
  return { name, store };
}

/** Refuses options that a command would ignore: somebody who gives one believes that it has an effect. */
function expectOptionsOf(name: CommandName | undefined, values: Values): void {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  for (const [option, value] of given) {
    const isTaken = name === undefined ? !FOR_REJUDGE.includes(option) : OPTIONS_OF[name].includes(option);
    if (!isTaken) {
      const whose =
        name === undefined
          ? 'is only for the command rejudge.'
          : `is not an option of ${name}, which takes ${listOf(OPTIONS_OF[name].map((one) => `--${one}`))}.`;
      throw new CollectorError(`--${option} ${whose}`);
    }
    if (value === '' || (Array.isArray(value) && value.includes(''))) {
      throw new CollectorError(`--${option} must not be empty.`);
    }
  }
}

function startOf(values: Values, env: NodeJS.ProcessEnv): CollectorOptions {
  const store = storeOf(values, env);
  const keys = [
    ...(values.key ?? []).map(projectKeyOf),
    ...(values.keys === undefined ? [] : readProjectKeys(values.keys)),
  ];
  return {
    ...(values.port === undefined ? {} : { port: portOf(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values['base-path'] === undefined ? {} : { basePath: values['base-path'] }),
    ...(values.data === undefined ? {} : { data: values.data }),
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
    ...secretOf('readToken', values['read-token'], '--read-token', env, 'COLLECTOR_READ_TOKEN', 8),
  };
}

function fileOf(name: 'export' | 'import', files: readonly string[]): string {
  const [file] = files;
  if (file && files.length === 1) return file;
  throw new CollectorError(
    `${name} takes one file such as records.ndjson.gz, or - for a pipe${files.length > 1 ? `, not ${files.length} files` : ''}.`,
  );
}

/** A folder, or the address of a ClickHouse server. */
function placeOf(values: Values, env: NodeJS.ProcessEnv): string {
  return storeOf(values, env) ?? values.data ?? DEFAULT_DATA;
}

function storeOf({ store, data }: Values, env: NodeJS.ProcessEnv): string | undefined {
  if (store !== undefined && data !== undefined) {
    throw new CollectorError('Records are kept either in --store or in --data: use one of them.');
  }
  // The address from the environment counts only if no folder is named.
  const value = store ?? (data === undefined ? fromEnvironment(env, 'COLLECTOR_STORE') : undefined);
  if (value === undefined || isClickHouseAddress(value)) return value;
  throw new CollectorError(
    `${store === undefined ? 'COLLECTOR_STORE' : '--store'} takes the address of a ClickHouse server, clickhouse://user:password@host:8123/database. For SQLite, name a folder with --data.`,
  );
}

/** An empty variable counts as unset: env files have lines such as `COLLECTOR_STORE=`. */
function fromEnvironment(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] || undefined;
}

/** An error shows only the length of a secret. */
function secretOf<K extends string>(
  name: K,
  given: string | undefined,
  option: string,
  env: NodeJS.ProcessEnv,
  variable: string,
  minLength: number,
): { [P in K]?: string } {
  const value = given ?? fromEnvironment(env, variable);
  if (value === undefined) return {};
  if (value.length < minLength || /\s/.test(value)) {
    const came = /\s/.test(value) ? 'one with spaces' : `${value.length}`;
    throw new CollectorError(
      `${given === undefined ? variable : option} takes at least ${minLength} characters without spaces, not ${came}.`,
    );
  }
  return { [name]: value } as { [P in K]?: string };
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function rejudgeOf(values: Values, env: NodeJS.ProcessEnv): Command {
  const { code, since, apply = false } = values;
  return {
    name: 'rejudge',
    place: placeOf(values, env),
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

function parse(args: readonly string[]) {
  return withAdvice(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'base-path': { type: 'string' },
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
        code: { type: 'string' },
        since: { type: 'string' },
        apply: { type: 'boolean' },
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
    const { message } = error as Error;
    // Node 20: "Option '--port' argument is ambiguous. Did you forget …".
    const [, option] = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(message) ?? [];
    if (option !== undefined) {
      throw new CollectorError(
        `${option} needs a value; write one that begins with a dash as ${option}=-value. See --help.`,
      );
    }
    // After the first sentence, Node's messages give advice about `--` that helps nobody here.
    throw new CollectorError(`${message.split(/\. |\.?\n/, 1)[0]}. See --help.`);
  }
}

function portOf(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new CollectorError(`--port takes a whole number from 0 to 65535, not "${value}".`);
  }
  return port;
}

/** An option that is a whole number of `unit`, under its name in `CollectorOptions`. */
function numberOf<K extends string>(
  name: K,
  option: string,
  value: string | undefined,
  min: number,
  unit = 1,
): { [P in K]?: number } {
  if (value === undefined) return {};
  if (!/^\d{1,9}$/.test(value) || Number(value) < min) {
    throw new CollectorError(`--${option} takes a whole number from ${min} to 999999999, not "${value}".`);
  }
  return { [name]: Number(value) * unit } as { [P in K]?: number };
}

function trustProxyOf(value: string | undefined): Pick<CollectorOptions, 'trustProxy'> {
  if (value === undefined) return {};
  if (/^[1-9]\d?$/.test(value)) return { trustProxy: Number(value) };
  if (isProxyList(value)) return { trustProxy: value };
  throw new CollectorError(
    `--trust-proxy takes the number of proxies in front, or their addresses such as 10.0.0.0/8, not "${value}".`,
  );
}

const ABOUT_ALERTS = ['alerts', 'alert-format', 'alert-secret', 'public-url'] as const;

function alertsOf(values: Values, env: NodeJS.ProcessEnv): Pick<CollectorOptions, 'alerts'> {
  const { 'alert-webhook': webhookUrl, 'public-url': publicUrl, 'alert-format': format } = values;
  if (webhookUrl === undefined) {
    const [alone] = ABOUT_ALERTS.filter((name) => values[name] !== undefined);
    if (alone !== undefined)
      throw new CollectorError(`--${alone} needs --alert-webhook: it only affects what is posted there.`);
    return {};
  }
  return {
    alerts: {
      webhookUrl,
      ...secretOf('secret', values['alert-secret'], '--alert-secret', env, 'COLLECTOR_ALERT_SECRET', 16),
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

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
