import { Ajv, type ValidateFunction } from 'ajv';
import { instantMs } from './instant-ms.js';
import type { WireEnvelope, WireIncident, WireOther, WireSession } from './wire-records.js';

/** The minor version of schema 1 whose closed sets of words are all known here; in newer ones, any word is accepted. */
export const KNOWN_MINOR = 0;

export interface WireSchema {
  readonly envelope: ValidateFunction<WireEnvelope>;
  readonly incident: ValidateFunction<WireIncident>;
  readonly session: ValidateFunction<WireSession>;
  readonly other: ValidateFunction<WireOther>;
}

const MAX_WORD = 200;
const MAX_TEXT = 2000;

const word = { type: 'string', maxLength: MAX_WORD };
const name = { type: 'string', minLength: 1, maxLength: MAX_WORD };
const text = { type: 'string', maxLength: MAX_TEXT };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const durationMs = { type: 'number', minimum: 0, maximum: 1e13 };
const instant = { type: 'string', format: 'instant', maxLength: 40 };
/** UUIDs today; anything that survives in a path without encoding. */
const recordId = { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,100}$' };

const object = (required: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});
const list = (items: object, maxItems: number) => ({ type: 'array', maxItems, items });

const runtime = object(
  { kind: word, engine: word },
  { engineVersion: word, networkType: word, pageScheme: word, pageHost: text },
);
const client = object({ major: count, version: word }, { protocol: count });

/** Compiles the wire format; `strictWords` for the minor version that is known here, without it for newer ones. */
export function compileWireSchema(strictWords: boolean): WireSchema {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: false });
  ajv.addFormat('instant', (text: string) => !Number.isNaN(instantMs(text)));
  const oneOf = (...words: string[]) => (strictWords ? { type: 'string', enum: words } : word);

  const phase = oneOf('connect', 'namespace', 'upgrade', 'session', 'usage');
  const certainty = oneOf('confirmed', 'suspected');
  const revision = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

  const diagnosis = object({
    code: name,
    title: text,
    phase,
    certainty,
    severity: oneOf('error', 'warning', 'info'),
    fixedBy: oneOf('client', 'server', 'proxy', 'network', 'user'),
    details: { type: 'object' },
    evidence: list(object({ claim: text, signal: word, at: { type: 'number' } }), 200),
    alternatives: list(object({ code: name, title: text }), 200),
    docs: text,
  });

  const timeline = object({
    schema: { type: 'integer', minimum: 1 },
    runtime,
    client,
    target: object({ secure: flag, host: text, port: word, path: text, sameOrigin: flag }),
    options: { type: 'object' },
    signals: list(object({ kind: name, at: { type: 'number' }, attempt: count }), 5000),
    droppedSignals: count,
  });

  return {
    envelope: ajv.compile<WireEnvelope>(
      object(
        {
          schema: word,
          sdk: object({ name, version: name }),
          session: object(
            { id: name, startedAt: instant, runtime },
            {
              attributes: {
                type: 'object',
                maxProperties: 100,
                additionalProperties: { type: ['string', 'number', 'boolean'] },
              },
            },
          ),
          batch: recordId,
          sentAt: instant,
          dropped: { type: 'object', maxProperties: 100, additionalProperties: count },
          records: { type: 'array', maxItems: 1000 },
        },
        { app: object({ name }, { release: word, environment: word }) },
      ),
    ),
    incident: ajv.compile<WireIncident>(
      object(
        {
          id: recordId,
          revision,
          phase,
          status: oneOf('open', 'resolved', 'abandoned'),
          openedAt: instant,
          updatedAt: instant,
          failedAttempts: count,
          namespace: text,
          diagnosis,
          settled: flag,
          history: list(object({ code: name, certainty, at: instant }), 500),
          timeline,
        },
        { closedAt: instant, transport: word },
      ),
    ),
    session: ajv.compile<WireSession>(
      object(
        {
          id: recordId,
          revision,
          namespace: text,
          startedAt: instant,
          updatedAt: instant,
          connected: flag,
          upgradeWanted: flag,
          reconnects: count,
          failedAttempts: count,
          connectedMs: durationMs,
          longestOutageMs: durationMs,
          incidents: count,
          client,
          // A weight is 1 divided by a sample rate: the limit keeps one hostile record from drowning everybody's numbers.
          weight: { type: 'number', minimum: 1, maximum: 1e6 },
        },
        {
          timeToConnectMs: durationMs,
          timeToUpgradeMs: durationMs,
          transport: word,
          ended: oneOf('app', 'page', 'disposed'),
        },
      ),
    ),
    other: ajv.compile<WireOther>(object({ kind: name, id: recordId, revision })),
  };
}
