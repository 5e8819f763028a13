import { randomUUID } from 'node:crypto';
import type { Envelope, IncidentRecord, SessionRecord, Signal } from '../../src/index.js';

/** Typed by the SDK, so that a change of the wire format that the collector does not follow fails here. */
export function sampleEnvelope(overrides: Partial<Envelope> = {}): Envelope {
  return {
    schema: '1.0',
    sdk: { name: 'socket.io-diagnostics', version: '0.1.0' },
    app: { name: 'chat-web', release: '4.2.0', environment: 'production' },
    session: {
      id: randomUUID(),
      startedAt: ago(60_000),
      runtime: { kind: 'browser', engine: 'chromium', pageScheme: 'https:', pageHost: 'chat.example.com' },
      attributes: { plan: 'team' },
    },
    batch: randomUUID(),
    sentAt: ago(0),
    dropped: {},
    records: [sampleIncident()],
    ...overrides,
  };
}

/** A page of another origin, a server without CORS headers: refused attempts, probes, then the answer. */
export function sampleIncident(overrides: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    kind: 'incident',
    id: randomUUID(),
    revision: 1,
    phase: 'connect',
    status: 'open',
    openedAt: ago(30_000),
    updatedAt: ago(20_000),
    failedAttempts: 3,
    transport: 'polling',
    namespace: '/',
    diagnosis: {
      code: 'cors-origin-not-allowed',
      title: 'The server does not allow this origin (CORS)',
      phase: 'connect',
      certainty: 'confirmed',
      severity: 'error',
      fixedBy: 'server',
      details: { pageOrigin: 'https://chat.example.com' },
      evidence: [
        { claim: 'The request failed and the browser hid why.', signal: 'connect-error', at: 118 },
        { claim: 'A WebSocket to the same path reached a Socket.IO server.', signal: 'probe', at: 402 },
        { claim: 'The polling address answers, and the browser may not read the answer.', signal: 'probe', at: 455 },
      ],
      alternatives: [],
      docs: 'https://socket.io/docs/v4/handling-cors/',
    },
    settled: true,
    history: [{ code: 'server-unreachable', certainty: 'suspected', at: ago(29_000) }],
    timeline: {
      schema: 1,
      runtime: { kind: 'browser', engine: 'chromium', pageScheme: 'https:', pageHost: 'chat.example.com' },
      client: { major: 4, version: '4.8+', protocol: 4 },
      target: { secure: true, host: 'api.example.com', port: '443', path: '/socket.io/', sameOrigin: false },
      options: {
        transports: ['polling', 'websocket'],
        upgrade: true,
        withCredentials: false,
        hasExtraHeaders: false,
        hasQuery: false,
        hasAuth: true,
        customParser: false,
        reconnection: true,
        reconnectionAttempts: null,
        timeoutMs: 20_000,
      },
      signals: corsSignals(),
      droppedSignals: 0,
    },
    ...overrides,
  };
}

export function sampleSession(overrides: Partial<SessionRecord> = {}): SessionRecord {
  return {
    kind: 'session',
    id: randomUUID(),
    revision: 1,
    namespace: '/',
    startedAt: ago(60_000),
    updatedAt: ago(1000),
    connected: true,
    timeToConnectMs: 240,
    timeToUpgradeMs: 90,
    transport: 'websocket',
    upgradeWanted: true,
    reconnects: 0,
    failedAttempts: 0,
    connectedMs: 58_000,
    longestOutageMs: 0,
    incidents: 0,
    client: { major: 4, version: '4.8+', protocol: 4 },
    weight: 1,
    ...overrides,
  };
}

export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

function corsSignals(): Signal[] {
  const failed = (attempt: number, at: number): Signal[] => [
    { kind: 'attempt-started', attempt, at },
    {
      kind: 'engine-failed',
      transport: 'polling',
      error: { message: 'xhr poll error', status: 0, body: { is: 'empty' } },
      attempt,
      at: at + 114,
    },
    {
      kind: 'connect-error',
      namespace: '/',
      source: 'transport',
      transport: 'polling',
      error: { message: 'xhr poll error', status: 0, body: { is: 'empty' } },
      active: true,
      attempt,
      at: at + 115,
    },
    {
      kind: 'engine-closed',
      transport: 'polling',
      reason: 'transport error',
      opened: false,
      ageMs: 116,
      attempt,
      at: at + 116,
    },
  ];
  return [
    ...failed(1, 3),
    {
      kind: 'probe',
      name: 'websocket-handshake',
      answer: 'yes',
      durationMs: 280,
      websocket: { result: 'engineio', protocol: 4 },
      attempt: 1,
      at: 402,
    },
    {
      kind: 'probe',
      name: 'http-reachable',
      answer: 'yes',
      durationMs: 52,
      http: { result: 'opaque' },
      attempt: 1,
      at: 455,
    },
    {
      kind: 'probe',
      name: 'http-handshake',
      answer: 'no',
      durationMs: 48,
      http: { result: 'failed' },
      attempt: 1,
      at: 504,
    },
    ...failed(2, 1240),
    { kind: 'page', event: 'hidden', attempt: 2, at: 2100 },
    { kind: 'page', event: 'visible', attempt: 2, at: 3050 },
    ...failed(3, 3420),
  ];
}
