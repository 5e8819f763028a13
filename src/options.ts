import type { Diagnosis } from './causes/codes.js';
import type { DeliveryLimits } from './delivery/delivery.js';
import type { AppInfo, DiagnosticsRecord } from './delivery/envelope.js';
import { httpSink } from './delivery/http-sink.js';
import type { SendResult, Sink, SinkFunction } from './delivery/sink.js';
import type { Incident } from './incidents/incident.js';
import type { TextStorage } from './runtime/runtime.js';

/** How much may be asked to find a cause. */
export interface ProbeOptions {
  /** Requests in one round of questions at most; an outage that goes on gets another round later. Default: 6. */
  readonly maxPerIncident?: number;
  /** Milliseconds between two rounds of questions to the same host; twice as long with each further round. Default: 60,000. */
  readonly cooldownMs?: number;
  /** Limit for one request, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
}

export interface DiagnosticsOptions {
  /** Which app the records are from. */
  readonly app?: AppInfo;
  /** Where records go: the URL of a collector, a sink, or several. Absent: nothing leaves the page. */
  readonly collector?: string | Sink | SinkFunction | readonly (string | Sink | SinkFunction)[];
  /** Called whenever the best answer of an incident is new or changes. */
  readonly onDiagnosis?: (event: { readonly diagnosis: Diagnosis; readonly incident: Incident<Diagnosis> }) => void;
  /**
   * Whether the SDK may ask the server by requests of its own to tell look-alikes apart. Default: `'auto'`.
   * Sockets of one Manager share its connection: where one of them says `'never'`, nothing is asked for the others either.
   */
  readonly probe?: 'auto' | 'never' | ProbeOptions;
  /** Share of the sessions without an incident that are reported, from 0 to 1. Default: 1. */
  readonly sampleRate?: number;
  /** What is sent at most, however much goes wrong. Default: 60 records a minute, 1,000 incidents and sessions per page load. */
  readonly limits?: DeliveryLimits;
  /**
   * Where records wait until they are acknowledged, also for the next page load; `false` for nowhere but memory. Default: `localStorage`
   * in pages; in Node `fileStorage(folder)` of `socket.io-diagnostics/file` can be given.
   */
  readonly storage?: TextStorage | false;
  /** Sees every record last; what it returns is sent, `null` drops it. */
  readonly beforeSend?: (record: DiagnosticsRecord) => DiagnosticsRecord | null;
  /** Id for this page load; by default a random UUID. */
  readonly sessionId?: string;
  /** Facts of the app that come with every batch. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Whether each diagnosis is written to the console; `'dev'` outside of production builds only. Default: false. */
  readonly console?: 'dev' | boolean;
  /** Whether the use of the socket is checked for mistakes that bite later; nothing is checked in production builds. Default: false. */
  readonly lint?: boolean;
}

export interface ResolvedOptions {
  readonly app: AppInfo | undefined;
  readonly sinks: readonly Sink[];
  readonly onDiagnosis: DiagnosticsOptions['onDiagnosis'];
  /** `undefined` when nothing may be asked. */
  readonly probe: Required<ProbeOptions> | undefined;
  readonly sampleRate: number;
  readonly limits: DeliveryLimits | undefined;
  readonly storage: DiagnosticsOptions['storage'];
  readonly beforeSend: DiagnosticsOptions['beforeSend'];
  readonly sessionId: string | undefined;
  readonly attributes: DiagnosticsOptions['attributes'];
  readonly console: 'dev' | boolean;
  readonly lint: boolean;
}

const PROBE_DEFAULTS: Required<ProbeOptions> = { maxPerIncident: 6, cooldownMs: 60_000, timeoutMs: 5_000 };

/**
 * Fills in defaults. What is wrong is told through `misuse`, one sentence each that names the option, what it takes and what came, and
 * then its default is used: a mistake in telemetry options must not break the app.
 */
export function resolveOptions(given: unknown, misuse: (message: string) => void): ResolvedOptions {
  const isObject = typeof given === 'object' && given !== null;
  if (given !== undefined && !isObject) misuse(`options: expected an object, got ${show(given)}`);
  const options = (isObject ? given : {}) as Record<keyof DiagnosticsOptions, unknown>;
  for (const name of Object.keys(options)) {
    if (!hasOwn(CHECKS, name)) misuse(`options.${name}: unknown option; known are ${Object.keys(CHECKS).join(', ')}`);
  }
  const take = <K extends keyof typeof CHECKS>(name: K) => {
    const value = options[name];
    if (value === undefined) return undefined;
    const { takes, isValid } = CHECKS[name];
    if (isValid(value)) return value;
    misuse(`options.${name}: expected ${takes}, got ${show(value)}`);
    return undefined;
  };
  return {
    app: take('app') as AppInfo | undefined,
    sinks: resolveSinks(take('collector'), misuse),
    onDiagnosis: take('onDiagnosis') as DiagnosticsOptions['onDiagnosis'],
    probe: resolveProbe(take('probe')),
    sampleRate: (take('sampleRate') as number | undefined) ?? 1,
    limits: take('limits') as DeliveryLimits | undefined,
    storage: take('storage') as DiagnosticsOptions['storage'],
    beforeSend: take('beforeSend') as DiagnosticsOptions['beforeSend'],
    sessionId: take('sessionId') as string | undefined,
    attributes: take('attributes') as DiagnosticsOptions['attributes'],
    console: (take('console') as 'dev' | boolean | undefined) ?? false,
    lint: (take('lint') as boolean | undefined) ?? false,
  };
}

const LIMITS: readonly string[] = ['recordsPerMinute', 'recordsPerSession'];
const isFunction = (value: unknown) => typeof value === 'function';
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown) => typeof value === 'number' && value >= 0;
/** Timers longer than 2^31 ms fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
/** `Object.hasOwn` is younger than browsers that the client runs in. */
const hasOwn = (object: object, key: string) => Object.keys(object).includes(key);
const isSink = (value: unknown) => isText(value) || isFunction(value) || (isRecord(value) && isFunction(value.send));

interface Check {
  readonly takes: string;
  isValid(value: unknown): boolean;
}

const CHECKS: Record<keyof DiagnosticsOptions, Check> = {
  app: {
    takes: 'an object with the strings name and optionally release, environment',
    isValid: (value) =>
      isRecord(value) &&
      isText(value.name) &&
      ['release', 'environment'].every((key) => value[key] === undefined || typeof value[key] === 'string'),
  },
  collector: {
    takes: 'a URL, a sink (a function of the records or { send(records) }), or an array of these',
    isValid: (value) => (Array.isArray(value) ? value.every(isSink) : isSink(value)),
  },
  onDiagnosis: { takes: 'a function', isValid: isFunction },
  probe: {
    takes: "'auto', 'never' or an object with the numbers maxPerIncident, cooldownMs, timeoutMs",
    isValid: (value) =>
      value === 'auto' ||
      value === 'never' ||
      (isRecord(value) &&
        Object.entries(value).every(
          ([key, limit]) => hasOwn(PROBE_DEFAULTS, key) && (limit === undefined || isCount(limit)),
        )),
  },
  sampleRate: {
    takes: 'a number from 0 to 1',
    isValid: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  limits: {
    takes: 'an object with the numbers recordsPerMinute and recordsPerSession, 1 or more',
    isValid: (value) =>
      isRecord(value) &&
      Object.entries(value).every(
        ([key, limit]) => LIMITS.includes(key) && (limit === undefined || (typeof limit === 'number' && limit >= 1)),
      ),
  },
  storage: {
    takes: 'false or an object with the functions keys, get, set and remove',
    isValid: (value) =>
      value === false || (isRecord(value) && ['keys', 'get', 'set', 'remove'].every((name) => isFunction(value[name]))),
  },
  beforeSend: { takes: 'a function', isValid: isFunction },
  sessionId: { takes: 'a string', isValid: isText },
  attributes: {
    takes: 'an object of strings, numbers and booleans',
    isValid: (value) =>
      isRecord(value) && Object.values(value).every((item) => ['string', 'number', 'boolean'].includes(typeof item)),
  },
  console: { takes: "'dev', true or false", isValid: (value) => value === 'dev' || typeof value === 'boolean' },
  lint: { takes: 'true or false', isValid: (value) => typeof value === 'boolean' },
};

function resolveSinks(value: unknown, misuse: (message: string) => void): Sink[] {
  const given = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as (string | Sink | SinkFunction)[];
  return given.flatMap((item) => {
    if (typeof item === 'function') return [{ send: async (...told) => (await item(...told)) as SendResult }];
    if (typeof item !== 'string') return [item];
    try {
      return [httpSink(item)];
    } catch {
      // The sink's own message repeats the URL, which may hold a key.
      misuse(
        'options.collector: expected an http(s) URL without user name and password, or a path of the own origin such as "/v1/records", got another string',
      );
      return [];
    }
  });
}

function resolveProbe(value: unknown): Required<ProbeOptions> | undefined {
  if (value === 'never') return undefined;
  const given = (isRecord(value) ? value : {}) as ProbeOptions;
  return {
    maxPerIncident: given.maxPerIncident ?? PROBE_DEFAULTS.maxPerIncident,
    cooldownMs: given.cooldownMs ?? PROBE_DEFAULTS.cooldownMs,
    timeoutMs: Math.min(given.timeoutMs ?? PROBE_DEFAULTS.timeoutMs, MAX_TIMEOUT_MS),
  };
}

/** Names what came without repeating it: an option may hold a secret. */
function show(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object that does not fit' : `a ${typeof value}`;
}
