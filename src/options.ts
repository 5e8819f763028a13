import type { Diagnosis } from './causes/codes.js';
import type { DeliveryLimits } from './delivery/delivery.js';
import type { AppInfo, DiagnosticsRecord } from './delivery/envelope.js';
import { httpSink } from './delivery/http-sink.js';
import type { SendResult, Sink, SinkFunction } from './delivery/sink.js';
import type { Incident } from './incidents/incident.js';
import type { MisuseSentences } from './misuse-sentences.js';
import type { TextStorage } from './runtime/runtime.js';

/** Limits for the probes that look for a cause. */
export interface ProbeOptions {
  /** Maximum number of requests in one round of probes; a long outage gets further rounds. Default: 6. */
  readonly maxPerIncident?: number;
  /** Milliseconds between two rounds of probes to the same host; doubles with each further round. Default: 60,000. */
  readonly cooldownMs?: number;
  /** Time limit for one request, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
}

export interface DiagnosticsOptions {
  /** Which app the records are from. */
  readonly app?: AppInfo;
  /** Where records go: the URL of a collector, a sink, a function, or several of these. Absent: nothing leaves the page. */
  readonly collector?: string | Sink | SinkFunction | readonly (string | Sink | SinkFunction)[];
  /** Called whenever the best diagnosis of an incident is new or changes. */
  readonly onDiagnosis?: (event: { readonly diagnosis: Diagnosis; readonly incident: Incident<Diagnosis> }) => void;
  /**
   * Whether the SDK may send requests of its own to the server to tell look-alikes apart. Default: `'auto'`. Sockets of one Manager share
   * its connection: if one of them says `'never'`, no probes are sent for the others either.
   */
  readonly probe?: 'auto' | 'never' | ProbeOptions;
  /** Share of the sessions without an incident that are reported, from 0 to 1. Default: 1. */
  readonly sampleRate?: number;
  /** Upper limits for what is sent, however much goes wrong. Default: 60 records per minute, 1,000 incidents and sessions per page load. */
  readonly limits?: DeliveryLimits;
  /**
   * Where records wait until they are acknowledged, even across page loads; `false` keeps them in memory only. Default: `localStorage` in
   * pages; in Node, use `fileStorage(folder)` of `socket.io-diagnostics/file`.
   */
  readonly storage?: TextStorage | false;
  /** Sees every record last; what it returns is sent, `null` drops the record. */
  readonly beforeSend?: (record: DiagnosticsRecord) => DiagnosticsRecord | null;
  /** Id for this page load; by default a random UUID. */
  readonly sessionId?: string;
  /** Facts about the app, sent with every batch. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Whether each diagnosis is written to the console; `'dev'` means only outside of production builds. Default: false. */
  readonly console?: 'dev' | boolean;
  /** Whether to check how the socket is used for mistakes that cause trouble later; production builds check nothing. Default: false. */
  readonly lint?: boolean;
}

export interface ResolvedOptions {
  readonly app: AppInfo | undefined;
  readonly sinks: readonly Sink[];
  readonly onDiagnosis: DiagnosticsOptions['onDiagnosis'];
  /** `undefined` if no probes may be sent. */
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

/** Reports to the app's developer what is wrong with a call; takes the name of the sentence and what it is about. */
export type TellMisuse = <Name extends keyof MisuseSentences>(
  name: Name,
  ...about: Parameters<MisuseSentences[Name]>
) => void;

/**
 * Fills in defaults. Every mistake is reported through `misuse`, in a sentence that names the option, what it takes and what it was given,
 * and the default is used instead: a mistake in telemetry options must not break the app.
 */
export function resolveOptions(given: unknown, misuse: TellMisuse): ResolvedOptions {
  const isObject = typeof given === 'object' && given !== null;
  if (given !== undefined && !isObject) misuse('noObject', given);
  const options = (isObject ? given : {}) as Record<keyof DiagnosticsOptions, unknown>;
  const known = Object.keys(FITS);
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) misuse('unknownOption', name, known);
  }
  const take = <K extends keyof DiagnosticsOptions>(name: K) => {
    const value = options[name];
    if (value === undefined || FITS[name](value)) return value as DiagnosticsOptions[K];
    misuse('wrongOption', name, value);
    return undefined;
  };
  return {
    app: take('app'),
    sinks: resolveSinks(take('collector'), misuse),
    onDiagnosis: take('onDiagnosis'),
    probe: resolveProbe(take('probe')),
    sampleRate: take('sampleRate') ?? 1,
    limits: take('limits'),
    storage: take('storage'),
    beforeSend: take('beforeSend'),
    sessionId: take('sessionId'),
    attributes: take('attributes'),
    console: take('console') ?? false,
    lint: take('lint') ?? false,
  };
}

const PROBE_LIMITS = ['maxPerIncident', 'cooldownMs', 'timeoutMs'];
const LIMITS = ['recordsPerMinute', 'recordsPerSession'];
const isFunction = (value: unknown) => typeof value === 'function';
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Whether it is an object that has only numbers, under known names. */
const isNumbers = (value: unknown, names: readonly string[], least: number) =>
  isRecord(value) &&
  Object.entries(value).every(
    ([name, number]) =>
      names.includes(name) && (number === undefined || (typeof number === 'number' && number >= least)),
  );
/** Timers longer than 2^31 ms fire immediately. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
const isSink = (value: unknown) => isText(value) || isFunction(value) || (isRecord(value) && isFunction(value.send));

/** Whether a value is valid for the option. */
const FITS: Readonly<Record<keyof DiagnosticsOptions, (value: unknown) => boolean>> = {
  app: (value) =>
    isRecord(value) &&
    isText(value.name) &&
    ['release', 'environment'].every((key) => value[key] === undefined || typeof value[key] === 'string'),
  collector: (value) => (Array.isArray(value) ? value.every(isSink) : isSink(value)),
  onDiagnosis: isFunction,
  probe: (value) => value === 'auto' || value === 'never' || isNumbers(value, PROBE_LIMITS, 0),
  sampleRate: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  limits: (value) => isNumbers(value, LIMITS, 1),
  storage: (value) =>
    value === false || (isRecord(value) && ['keys', 'get', 'set', 'remove'].every((name) => isFunction(value[name]))),
  beforeSend: isFunction,
  sessionId: isText,
  attributes: (value) =>
    isRecord(value) && Object.values(value).every((item) => ['string', 'number', 'boolean'].includes(typeof item)),
  console: (value) => value === 'dev' || typeof value === 'boolean',
  lint: (value) => typeof value === 'boolean',
};

function resolveSinks(value: DiagnosticsOptions['collector'], misuse: TellMisuse): Sink[] {
  const given = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as (string | Sink | SinkFunction)[];
  const sinks: Sink[] = [];
  for (const item of given) {
    try {
      if (typeof item === 'string') sinks.push(httpSink(item));
      else if (typeof item !== 'function') sinks.push(item);
      else sinks.push({ send: async (...told) => (await item(...told)) as SendResult });
    } catch {
      misuse('wrongCollectorUrl');
    }
  }
  return sinks;
}

function resolveProbe(value: DiagnosticsOptions['probe']): Required<ProbeOptions> | undefined {
  if (value === 'never') return undefined;
  const { maxPerIncident = 6, cooldownMs = 60_000, timeoutMs = 5_000 }: ProbeOptions = isRecord(value) ? value : {};
  return { maxPerIncident, cooldownMs, timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS) };
}
