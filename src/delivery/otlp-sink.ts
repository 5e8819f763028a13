import type { DiagnosticsRecord, Envelope, IncidentRecord, SessionRecord } from './envelope.js';
import { isSuccess, judgeFailure, type PostSinkOptions, postSink } from './post-sink.js';
import type { SendContext, Sink } from './sink.js';

/** Options of `otlpSink`. */
export interface OtlpSinkOptions extends PostSinkOptions {
  /** Whether to include the timeline of an incident, as JSON in one attribute. Default: false. */
  readonly timeline?: boolean;
}

/** The part of OTLP's JSON encoding used here; 64-bit integers are strings, enumerations are numbers. */
type Value =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly Value[] } };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

type Fact = string | number | boolean | readonly string[] | Value;
type Facts = Readonly<Record<string, Fact | undefined>>;

/** Severity numbers of the OpenTelemetry log data model. */
const SEVERITIES = { info: 9, warning: 13, error: 17 };
const SEVERITY_TEXTS = { info: 'INFO', warning: 'WARN', error: 'ERROR' };

/** Retryable according to the OTLP specification ("OTLP/HTTP Response", "Failures"); nothing else is. */
const PASSING = [429, 502, 503, 504];

const EVENT_NAMES: Record<IncidentRecord['phase'], string> = {
  connect: 'socketio.connection.failed',
  namespace: 'socketio.namespace.failed',
  upgrade: 'socketio.upgrade.failed',
  session: 'socketio.connection.lost',
  usage: 'socketio.usage.mistaken',
};

/**
 * Sends records as JSON logs to an OpenTelemetry Collector, or to anything that accepts OTLP over HTTP; `url` usually ends in `/v1/logs`.
 * Each revision of a record is a log record of its own, and `log.record.uid` stays the same when it is sent again.
 */
export function otlpSink(url: string, options: OtlpSinkOptions = {}): Sink {
  return postSink('otlpSink', url, options, {
    contentType: 'application/json',
    takesBeacons: false,
    encode: (records, envelope) => JSON.stringify(logsRequest(records, envelope, options.timeline === true)),
    judge(answer) {
      if (isSuccess(answer)) return { ok: true, rejected: rejectedRecords(answer.body) };
      return judgeFailure(
        answer,
        (status) => PASSING.includes(status),
        (status) => status >= 400,
      );
    },
  });
}

function logsRequest(
  records: readonly DiagnosticsRecord[],
  envelope: SendContext['envelope'],
  withTimeline: boolean,
): object {
  const { sdk } = envelope;
  const logRecords = records.map((record) =>
    record.kind === 'incident' ? incidentLog(record, envelope, withTimeline) : sessionLog(record, envelope),
  );
  if (Object.keys(envelope.dropped).length) logRecords.push(droppedLog(envelope));
  return {
    resourceLogs: [
      {
        resource: { attributes: resourceOf(envelope) },
        scopeLogs: [{ scope: { name: sdk.name, version: sdk.version }, logRecords }],
      },
    ],
  };
}

function resourceOf({ app, sdk, session }: Pick<Envelope, 'app' | 'sdk' | 'session'>): Attribute[] {
  return attributes({
    'service.name': app?.name ?? 'unknown_service',
    'service.version': app?.release,
    'deployment.environment.name': app?.environment,
    'telemetry.distro.name': sdk.name,
    'telemetry.distro.version': sdk.version,
    ...session.attributes,
  });
}

function incidentLog(record: IncidentRecord, envelope: SendContext['envelope'], withTimeline: boolean): object {
  const { id, revision, diagnosis, timeline, status, phase, transport } = record;
  const { target, client } = timeline;
  const { details } = diagnosis as { details: { status?: unknown } };
  return log(record.updatedAt, envelope, {
    eventName: EVENT_NAMES[phase],
    severity: diagnosis.severity,
    body: diagnosis.title,
    facts: {
      'log.record.uid': `${id}.${revision}`,
      'error.type': diagnosis.code,
      'server.address': target.host,
      'server.port': Number(target.port) || undefined,
      'url.scheme': target.secure ? 'https' : 'http',
      'url.path': target.path,
      'http.response.status_code': typeof details.status === 'number' ? details.status : undefined,
      'network.protocol.name': transport && (transport === 'websocket' ? 'websocket' : 'http'),
      'socketio.transport': transport,
      'socketio.namespace': record.namespace,
      'socketio.client.version': client.version,
      'socketio.incident.id': id,
      'socketio.incident.revision': revision,
      'socketio.incident.status': status,
      'socketio.incident.phase': phase,
      'socketio.incident.settled': record.settled,
      'socketio.incident.opened_at': record.openedAt,
      'socketio.incident.closed_at': record.closedAt,
      'socketio.incident.failed_attempts': record.failedAttempts,
      'socketio.diagnosis.certainty': diagnosis.certainty,
      'socketio.diagnosis.fixed_by': diagnosis.fixedBy,
      'socketio.diagnosis.details': JSON.stringify(details),
      'socketio.diagnosis.evidence': diagnosis.evidence.map(({ claim }) => claim),
      'socketio.diagnosis.alternatives': diagnosis.alternatives.map(({ code }) => code),
      'socketio.diagnosis.docs': diagnosis.docs,
      'socketio.timeline': withTimeline ? JSON.stringify(timeline) : undefined,
    },
  });
}

function sessionLog(record: SessionRecord, envelope: SendContext['envelope']): object {
  return log(record.updatedAt, envelope, {
    eventName: 'socketio.session',
    severity: 'info',
    body: record.ended ? 'A Socket.IO session ended' : 'A Socket.IO session goes on',
    facts: {
      'log.record.uid': `${record.id}.${record.revision}`,
      'socketio.transport': record.transport,
      'socketio.namespace': record.namespace,
      'socketio.client.version': record.client.version,
      'socketio.session.id': record.id,
      'socketio.session.revision': record.revision,
      'socketio.session.started_at': record.startedAt,
      'socketio.session.ended': record.ended,
      'socketio.session.connected': record.connected,
      'socketio.session.time_to_connect_ms': record.timeToConnectMs,
      'socketio.session.time_to_upgrade_ms': record.timeToUpgradeMs,
      'socketio.session.upgrade_wanted': record.upgradeWanted,
      'socketio.session.reconnects': record.reconnects,
      'socketio.session.failed_attempts': record.failedAttempts,
      'socketio.session.connected_ms': record.connectedMs,
      'socketio.session.longest_outage_ms': record.longestOutageMs,
      'socketio.session.incidents': record.incidents,
      // Always a double: whole weights must not have another type.
      'socketio.session.weight': { doubleValue: record.weight },
    },
  });
}

function droppedLog(envelope: SendContext['envelope']): object {
  const counts = Object.entries(envelope.dropped).map(([reason, records]) => [`socketio.dropped.${reason}`, records]);
  return log(envelope.sentAt, envelope, {
    eventName: 'socketio.records.dropped',
    severity: 'warning',
    body: 'Records were not sent',
    facts: { 'log.record.uid': envelope.batch, ...Object.fromEntries(counts) },
  });
}

function log(
  at: string,
  { session, sentAt }: Pick<Envelope, 'session' | 'sentAt'>,
  told: {
    readonly eventName: string;
    readonly severity: keyof typeof SEVERITIES;
    readonly body: string;
    readonly facts: Facts;
  },
): object {
  const { kind, engine, engineVersion, networkType } = session.runtime;
  return {
    timeUnixNano: nanos(at),
    observedTimeUnixNano: nanos(sentAt),
    severityNumber: SEVERITIES[told.severity],
    severityText: SEVERITY_TEXTS[told.severity],
    eventName: told.eventName,
    body: { stringValue: told.body },
    attributes: attributes({
      ...told.facts,
      'session.id': session.id,
      'socketio.runtime.kind': kind,
      'socketio.runtime.engine': engine,
      'socketio.runtime.engine_version': engineVersion,
      'socketio.runtime.network_type': networkType,
      'network.connection.type': connectionType(networkType),
    }),
  };
}

/**
 * `network.connection.type` of the semantic conventions knows no others. An estimated speed such as `4g` says nothing about the technology,
 * so it is not a `network.connection.subtype`; `user_agent.version` would be that of the browser, not of its engine.
 */
function connectionType(networkType: string | undefined): string | undefined {
  switch (networkType) {
    case 'wifi':
      return 'wifi';
    case 'ethernet':
      return 'wired';
    case 'cellular':
      return 'cell';
    case 'none':
      return 'unavailable';
    default:
      return undefined;
  }
}

/** As a string, because a JavaScript number cannot hold nanoseconds. */
function nanos(at: string): string {
  return `${Date.parse(at)}000000`;
}

function attributes(facts: Facts): Attribute[] {
  return Object.entries(facts).flatMap(([key, fact]) => (fact === undefined ? [] : [{ key, value: encodeFact(fact) }]));
}

function encodeFact(fact: Fact): Value {
  if (typeof fact === 'string') return { stringValue: fact };
  if (typeof fact === 'boolean') return { boolValue: fact };
  if (typeof fact === 'number') return Number.isSafeInteger(fact) ? { intValue: String(fact) } : { doubleValue: fact };
  if ('map' in fact) return { arrayValue: { values: fact.map((item) => ({ stringValue: item })) } };
  return fact;
}

/** A partial success is not retried; what was rejected is counted. */
function rejectedRecords(body: string): number {
  try {
    return Number(JSON.parse(body).partialSuccess?.rejectedLogRecords) || 0;
  } catch {
    return 0;
  }
}
