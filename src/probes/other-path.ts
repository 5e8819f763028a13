import { askHandshake } from './http-handshake.js';
import type { Probe, ProbeContext } from './probe.js';
import { askWebSocket } from './websocket-handshake.js';

const DEFAULT_PATH = '/socket.io/';
const MAX_CANDIDATES = 2;

/** Does a Socket.IO server respond at a path that the client may have meant? */
export const otherPath: Probe = {
  name: 'other-path',
  cost: (context) => candidatePaths(context).length,
  isPossible: (context) => candidatePaths(context).length > 0,
  async ask(context) {
    let last: { readonly durationMs: number } = { durationMs: 0 };
    for (const path of candidatePaths(context)) {
      const asked = isReadable(context) ? await askHttp(context, path) : await askWebSocket(context, { path });
      last = asked;
      if (asked.answer === 'yes') return { ...asked, path };
    }
    return { ...last, answer: 'no' };
  },
};

/** If the response can be read whatever it is, the probe is sent the client's own way: some servers, and proxies, have no WebSocket. */
function isReadable({ runtime, target, options }: ProbeContext): boolean {
  return (runtime.kind === 'node' || target.sameOrigin) && options.transports[0] === 'polling';
}

async function askHttp(context: ProbeContext, path: string) {
  const asked = await askHandshake(context, { path });
  // It reveals itself even when it rejects, except with words that any API may use.
  const { body } = asked.http;
  const isRefusal = body?.is === 'engineio-error' && body.code !== 4;
  return isRefusal ? { ...asked, answer: 'yes' as const } : asked;
}

/** The default, the same with and without its trailing slash, and the path that the app may have put into the URL. */
export function candidatePaths({ target, namespace }: Pick<ProbeContext, 'target' | 'namespace'>): string[] {
  const { path } = target;
  const trimmed = path.replace(/\/$/, '');
  const prefix = namespace === '/' ? '' : namespace.replace(/\/$/, '');
  const candidates = [
    ...(prefix ? [`${prefix}${DEFAULT_PATH}`] : []),
    DEFAULT_PATH,
    // A server accepts anything that starts with its own path: without its slash, the client is closer to that than with more after it.
    ...(path.endsWith('/') ? [] : [`${path}/`]),
    ...(trimmed.endsWith('/socket.io') ? [] : [`${trimmed}${DEFAULT_PATH}`]),
    ...(path.endsWith('/') ? [trimmed] : []),
  ];
  return [...new Set(candidates)]
    .filter((candidate) => candidate !== path && candidate !== '')
    .slice(0, MAX_CANDIDATES);
}
