import { evidence } from '../diagnosis/evidence.js';
import { httpAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly requestedPath: string;
  /** The path at which a Socket.IO server answered; absent when only its presence is known. */
  readonly workingPath?: string;
}

/**
 * engine.io destroys an upgrade to a path that is not its own after `destroyUpgradeTimeout`, 1,000 ms by default. Measured 1,005 to
 * 2,308 ms in browsers with such a server, at most 682 ms without.
 */
const FINGERPRINT_MIN_MS = 900;

export const rule: Rule<'path-mismatch', Details> = {
  code: 'path-mismatch',
  title: 'Client and server use different request paths',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-request-path-does-not-match-on-both-sides',
  needs: ['websocket-handshake', 'http-handshake', 'other-path', 'unused-path'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake || failure.systemError) return undefined;
    const answer = httpAnswer(facts);
    const status = answer?.status;
    if (isEngineBody(answer?.body) || (status !== undefined && (status >= 500 || status === 401 || status === 429))) {
      return undefined;
    }
    const websocket = facts.probe('websocket-handshake');
    if (websocket && websocket.answer !== 'no') return undefined;
    if (websocket?.websocket?.result === 'timeout' || facts.probe('http-reachable')?.http?.result === 'failed')
      return undefined;

    const details = { requestedPath: facts.target.path };
    const other = facts.probe('other-path');
    if (other?.answer === 'yes' && other.path !== undefined) {
      return {
        certainty: 'confirmed',
        details: { ...details, workingPath: other.path },
        evidence: [evidence(`A Socket.IO server answered at ${other.path}.`, other)],
      };
    }
    const unused = facts.probe('unused-path');
    if (unused?.answer === 'yes') {
      const isSlow = websocket !== undefined && websocket.durationMs >= FINGERPRINT_MIN_MS;
      return {
        certainty: isSlow ? 'confirmed' : 'suspected',
        likelihood: 'likely',
        details,
        evidence: [
          evidence(
            'A Socket.IO server is attached to this address: it cut a WebSocket to an unused path after its one second.',
            unused,
          ),
          ...(isSlow
            ? [evidence('It did the same at the requested path, which is therefore not its own.', websocket)]
            : []),
        ],
      };
    }
    // Both questions were asked and answered no: a proxy may still hide it, but then nothing here speaks for it.
    const isOpen =
      failure.blind || failure.cut || failure.timedOut || status !== undefined || answer?.body !== undefined;
    if (!isOpen) return undefined;
    if (other?.answer === 'no' && unused?.answer === 'no' && answer && !answer.proxy) return undefined;
    return {
      certainty: 'suspected',
      details,
      evidence: [evidence(`No Socket.IO server answered at ${facts.target.path}.`, failure.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A Socket.IO server runs at this address, but under another request path than the one the client asks for. The `path` option must be the same on both sides, and what a reverse proxy strips or adds counts. The path in the URL given to `io()` is not the request path: it names a namespace.',
  remedy: ({ requestedPath, workingPath }) =>
    workingPath
      ? `The client asks for ${requestedPath}, the server answers at ${workingPath}. Set \`path\` to ${workingPath} in the client, or to ${requestedPath} in the server.`
      : `The client asks for ${requestedPath}, where no Socket.IO server answers. Set the same \`path\` on both sides, and check what the reverse proxy does to the prefix.`,
  snippet: ({ workingPath }) => `io('https://your-server.example', { path: '${workingPath ?? '/my-custom-path/'}' });`,
  see: [
    {
      title: 'The request path does not match on both sides',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-request-path-does-not-match-on-both-sides',
    },
    { title: 'Client option path', url: 'https://socket.io/docs/v4/client-options/#path' },
  ],
};
