import type { ErrorObject, ValidateFunction } from 'ajv';
import type { NewIncident, NewRecord, NewSession, ReceivedBatch } from '../stores/store.js';
import { describeSchemaError, shown } from './describe-schema-error.js';
import { instantMs } from './instant-ms.js';
import { recordTexts } from './record-texts.js';
import { RequestError } from './request-error.js';
import type { WireEnvelope, WireIncident, WireSession } from './wire-records.js';
import { compileWireSchema, KNOWN_MINOR } from './wire-schema.js';

export interface ParsedEnvelope {
  readonly batch: ReceivedBatch;
  readonly rejected: readonly RejectedRecord[];
  /** The reason for each of `rejected`, in one word. */
  readonly refusals: readonly RefusalReason[];
}

export type RefusalReason = 'schema' | 'too-deep' | 'unknown-kind';

export interface RejectedRecord {
  readonly index: number;
  readonly id?: string;
  readonly reason: string;
}

/** Far more than any record has; keeps every later recursive walk over stored data safe. */
const MAX_DEPTH = 64;

/** Up to this much, the difference between the clocks is taken to be the time the request was in transit. */
const TOLERATED_SKEW_MS = 60_000;

const knownSchema = compileWireSchema(true);
const newerSchema = compileWireSchema(false);

/** Turns a body into what is to be stored and what is rejected individually; throws a `RequestError` if nothing of it can be used. */
export function parseEnvelope(
  body: string,
  receivedAtMs: number,
  /** Accepts words and kinds of newer minor versions, whatever schema the envelope claims. */
  { lenient = false }: { lenient?: boolean } = {},
): ParsedEnvelope {
  const value = parseJson(body);
  const isNewer = minorOf(value) > KNOWN_MINOR || lenient;
  const schema = isNewer ? newerSchema : knownSchema;
  const envelope = expectEnvelope(value, schema.envelope);
  const texts = recordTexts(body);
  if (texts.envelopeDepth > MAX_DEPTH)
    throw new RequestError(400, `The envelope is nested deeper than ${MAX_DEPTH} levels.`);

  const skewMs = receivedAtMs - instantMs(envelope.sentAt);
  const correctionMs = Math.abs(skewMs) > TOLERATED_SKEW_MS ? skewMs : 0;
  const context = JSON.stringify({ sdk: envelope.sdk, app: envelope.app, session: envelope.session });
  const incidents: NewIncident[] = [];
  const sessions: NewSession[] = [];
  const others: NewRecord[] = [];
  const rejected: RejectedRecord[] = [];
  const refusals: RefusalReason[] = [];

  envelope.records.forEach((record, index) => {
    const { text, depth } = texts.records[index] ?? { text: '', depth: 0 };
    const refuse = (refusal: RefusalReason, reason: string) => {
      refusals.push(refusal);
      rejected.push({ index, ...idOf(record), reason });
    };
    const expect = <T>(validate: ValidateFunction<T>): T | undefined => {
      if (validate(record)) return record;
      refuse('schema', describeSchemaError(firstError(validate), record, 'the record'));
      return undefined;
    };

    const kind = kindOf(record);
    if (depth > MAX_DEPTH) {
      refuse('too-deep', `nested deeper than ${MAX_DEPTH} levels`);
    } else if (kind === 'incident') {
      const incident = expect(schema.incident);
      if (incident !== undefined) incidents.push(newIncident(incident, text, correctionMs));
    } else if (kind === 'session') {
      const session = expect(schema.session);
      if (session !== undefined) sessions.push(newSession(session, text, correctionMs));
    } else if (isNewer) {
      const other = expect(schema.other);
      if (other !== undefined) others.push({ kind: other.kind, id: other.id, revision: other.revision, text });
    } else {
      refuse('unknown-kind', 'kind must be "incident" or "session" in schema 1.0');
    }
  });

  return {
    batch: {
      id: envelope.batch,
      receivedAtMs,
      correctionMs,
      app: clean(envelope.app?.name ?? ''),
      release: clean(envelope.app?.release ?? ''),
      environment: clean(envelope.app?.environment ?? ''),
      clientSessionId: clean(envelope.session.id),
      runtime: clean(envelope.session.runtime.kind),
      engine: clean(envelope.session.runtime.engine),
      engineVersion: clean(envelope.session.runtime.engineVersion ?? ''),
      networkType: clean(envelope.session.runtime.networkType ?? ''),
      context,
      dropped: envelope.dropped,
      incidents,
      sessions,
      others,
    },
    rejected,
    refusals,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new RequestError(400, `The body is not JSON: ${(error as Error).message}`);
  }
}

function minorOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError(400, 'The body must be an envelope, a JSON object.');
  }
  const schema = (value as { schema?: unknown }).schema;
  const match = typeof schema === 'string' ? /^(\d{1,4})\.(\d{1,4})$/.exec(schema) : null;
  if (match === null) {
    const came = schema === undefined ? 'nothing' : shown(schema);
    throw new RequestError(400, `schema must be a version such as "1.0"; got ${came}`);
  }
  if (match[1] !== '1') {
    throw new RequestError(
      400,
      `schema ${schema} is not supported: this collector reads 1.x. Update the older of the two.`,
    );
  }
  return Number(match[2]);
}

function expectEnvelope(value: unknown, validate: ValidateFunction<WireEnvelope>): WireEnvelope {
  if (validate(value)) return value;
  throw new RequestError(400, describeSchemaError(firstError(validate), value, 'the envelope'));
}

function firstError(validate: ValidateFunction): ErrorObject {
  const error = validate.errors?.[0];
  if (error === undefined) throw new Error('The validation failed without an error.');
  return error;
}

function kindOf(record: unknown): unknown {
  return typeof record === 'object' && record !== null ? (record as { kind?: unknown }).kind : undefined;
}

function idOf(record: unknown): { id?: string } {
  const id = typeof record === 'object' && record !== null ? (record as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? { id: id.slice(0, 100) } : {};
}

function newIncident(incident: WireIncident, text: string, correctionMs: number): NewIncident {
  const { diagnosis, timeline } = incident;
  return {
    kind: incident.kind,
    id: incident.id,
    revision: incident.revision,
    text,
    code: clean(diagnosis.code),
    title: clean(diagnosis.title),
    phase: clean(incident.phase),
    status: clean(incident.status),
    certainty: clean(diagnosis.certainty),
    severity: clean(diagnosis.severity),
    fixedBy: clean(diagnosis.fixedBy),
    openedAtMs: instantMs(incident.openedAt) + correctionMs,
    updatedAtMs: instantMs(incident.updatedAt) + correctionMs,
    closedAtMs: incident.closedAt === undefined ? null : instantMs(incident.closedAt) + correctionMs,
    failedAttempts: incident.failedAttempts,
    transport: clean(incident.transport ?? ''),
    namespace: clean(incident.namespace),
    host: clean(timeline.target.host),
    clientVersion: clean(timeline.client.version),
  };
}

function newSession(session: WireSession, text: string, correctionMs: number): NewSession {
  return {
    kind: session.kind,
    id: session.id,
    revision: session.revision,
    text,
    startedAtMs: instantMs(session.startedAt) + correctionMs,
    updatedAtMs: instantMs(session.updatedAt) + correctionMs,
    connected: session.connected,
    // What failed before the connection itself, such as in a namespace, has an incident and no failed attempt.
    failed: !session.connected && session.failedAttempts + session.incidents > 0,
    timeToConnectMs: session.timeToConnectMs === undefined ? null : Math.round(session.timeToConnectMs),
    timeToUpgradeMs: session.timeToUpgradeMs === undefined ? null : Math.round(session.timeToUpgradeMs),
    transport: clean(session.transport ?? ''),
    upgradeWanted: session.upgradeWanted,
    weight: session.weight,
    clientVersion: clean(session.client.version),
  };
}

/** libsql reads a text column only up to its first NUL. */
function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
