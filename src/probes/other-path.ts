import type { Probe, ProbeContext } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

const DEFAULT_PATH = '/socket.io/';
const MAX_CANDIDATES = 2;

/** Does a Socket.IO server answer at a path that the client may have meant? */
export const otherPath: Probe = {
  name: 'other-path',
  cost: (context) => candidatePaths(context).length,
  isPossible: (context) => candidatePaths(context).length > 0,
  async ask(context) {
    let last = { answer: 'no' as const, durationMs: 0 } as
      | Awaited<ReturnType<typeof askWebSocket>>
      | { answer: 'no'; durationMs: number };
    for (const path of candidatePaths(context)) {
      last = await askWebSocket(context, { path });
      if (last.answer === 'yes') return { ...last, path };
    }
    return { ...last, answer: 'no' };
  },
};

/** The default, the same with and without its trailing slash, and the path that the app may have put into the URL. */
export function candidatePaths({ target, namespace }: Pick<ProbeContext, 'target' | 'namespace'>): string[] {
  const { path } = target;
  const trimmed = path.replace(/\/$/, '');
  const prefix = namespace === '/' ? '' : namespace.replace(/\/$/, '');
  const candidates = [
    ...(prefix ? [`${prefix}${DEFAULT_PATH}`] : []),
    DEFAULT_PATH,
    // A server takes what begins with its own path: without its slash the client is closer to that than with more behind it.
    ...(path.endsWith('/') ? [] : [`${path}/`]),
    ...(trimmed.endsWith('/socket.io') ? [] : [`${trimmed}${DEFAULT_PATH}`]),
    ...(path.endsWith('/') ? [trimmed] : []),
  ];
  return [...new Set(candidates)]
    .filter((candidate) => candidate !== path && candidate !== '')
    .slice(0, MAX_CANDIDATES);
}
