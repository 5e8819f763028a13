import type { Origin } from '../../src/delivery/entry.js';
import type { DiagnosticsRecord, SessionRecord } from '../../src/delivery/envelope.js';
import type { SendContext, SendResult, Sink } from '../../src/delivery/sink.js';

export const origin: Origin = originOf('this-page');

export function originOf(sessionId: string): Origin {
  return {
    schema: '1.0',
    sdk: { name: 'socket.io-diagnostics', version: '0.0.0' },
    session: { id: sessionId, startedAt: '2026-01-01T00:00:00.000Z', runtime: { kind: 'browser', engine: 'chromium' } },
  };
}

export function sessionRecord(id: string, revision = 1, attributes: object = {}): SessionRecord {
  return {
    kind: 'session',
    id,
    revision,
    namespace: '/',
    startedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    connected: true,
    upgradeWanted: true,
    reconnects: 0,
    failedAttempts: 0,
    connectedMs: 0,
    longestOutageMs: 0,
    incidents: 0,
    client: { major: 4, version: '4.8+', protocol: 4 },
    weight: 1,
    ...attributes,
  };
}

/** Delivery reads nothing of an incident but its kind, id and revision. */
export function incidentRecord(id: string, revision = 1, attributes: object = {}): DiagnosticsRecord {
  return { ...sessionRecord(id, revision, attributes), kind: 'incident' } as unknown as DiagnosticsRecord;
}

export interface RecordingSink extends Sink {
  readonly sends: readonly { readonly ids: readonly string[]; readonly context: SendContext }[];
  answer: (ids: readonly string[]) => unknown;
}

/** A sink that remembers what it was given and answers as the test says. */
export function recordingSink(answer: (ids: readonly string[]) => unknown = () => OK, name?: string): RecordingSink {
  const sends: { ids: readonly string[]; context: SendContext }[] = [];
  const sink: RecordingSink = {
    sends,
    answer,
    ...(name ? { name } : {}),
    send(records, context) {
      const ids = records.map(({ id, revision }) => `${id}.${revision}`);
      sends.push({ ids, context });
      return sink.answer(ids) as Promise<SendResult>;
    },
  };
  return sink;
}

export const OK: SendResult = { ok: true };
export const RETRY: SendResult = { ok: false, retry: true };
export const UNREACHABLE: SendResult = { ok: false, retry: true, blocked: true };
