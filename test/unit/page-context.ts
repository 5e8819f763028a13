import type { TimelineContext } from '../../src/signals/timeline-recorder.js';

/** What a timeline says of a page in Chromium that dials another host with a client of today and no options. */
export const pageContext: TimelineContext = {
  runtime: { kind: 'browser', engine: 'chromium' },
  client: { major: 4, version: '4.8+', protocol: 4 },
  target: { secure: true, host: 'api.example', port: '443', path: '/socket.io/', sameOrigin: false },
  options: {
    transports: ['polling', 'websocket'],
    upgrade: true,
    withCredentials: false,
    hasExtraHeaders: false,
    hasQuery: false,
    hasAuth: false,
    customParser: false,
    reconnection: true,
    reconnectionAttempts: null,
    timeoutMs: 20_000,
  },
};

/** The same with some of its options given. */
export function contextWith(options: Partial<TimelineContext['options']>): TimelineContext {
  return { ...pageContext, options: { ...pageContext.options, ...options } };
}
