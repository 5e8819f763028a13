import type { Diagnostics } from './diagnostics.js';
import type { SessionSummary } from './incidents/session-summary.js';
import type { Timeline } from './signals/timeline.js';

/** The handle of an unusable socket, so that code which reads `socket.diagnostics` keeps working. */
export const inertDiagnostics: Diagnostics = {
  on() {},
  off() {},
  current: undefined,
  snapshot: () => ({ state: 'disconnected', namespace: '/', attempt: 0, session: EMPTY_SESSION }),
  check: async () => ({ probes: [] }),
  report: () => ({
    markdown: 'The socket is not watched.\n',
    json: { snapshot: inertDiagnostics.snapshot(), timeline: EMPTY_TIMELINE },
  }),
  flush: async () => true,
  dispose() {},
};

const EMPTY_SESSION: SessionSummary = {
  id: '',
  revision: 0,
  namespace: '/',
  startedAt: '',
  updatedAt: '',
  connected: false,
  upgradeWanted: false,
  reconnects: 0,
  failedAttempts: 0,
  connectedMs: 0,
  longestOutageMs: 0,
  incidents: 0,
};

const EMPTY_TIMELINE: Timeline = {
  schema: 1,
  runtime: { kind: 'browser', engine: 'unknown' },
  client: { major: 0, version: 'unknown' },
  target: { secure: false, host: '', port: '', path: '', sameOrigin: false },
  options: {
    transports: [],
    upgrade: false,
    withCredentials: false,
    hasExtraHeaders: false,
    hasQuery: false,
    hasAuth: false,
    customParser: false,
    reconnection: false,
    reconnectionAttempts: null,
    timeoutMs: null,
  },
  signals: [],
  droppedSignals: 0,
};
