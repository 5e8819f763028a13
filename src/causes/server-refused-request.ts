import { evidence } from '../diagnosis/evidence.js';
import { suspectHidden } from '../diagnosis/hidden-answer.js';
import { failingAnswer } from '../diagnosis/http-answer.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** `origin`: the server checks the origin of the page itself. `forbidden`: `allowRequest` or an engine middleware said no. */
  readonly reason: 'origin' | 'forbidden';
}

export const rule: Rule<'server-refused-request', Details> = {
  code: 'server-refused-request',
  title: 'The server refused the request before the handshake',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#problem-the-socket-is-not-able-to-connect',
  needs: ['websocket-handshake', 'http-reachable', 'http-handshake'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const hidden = suspectHidden<Details>(facts, { reason: 'forbidden' });
    if (hidden) return hidden;
    // The server may check the origin of WebSockets, which a page of its own origin only sends with these.
    const websocket = facts.probe('websocket-handshake');
    const isOpen = facts.probe('http-handshake')?.answer === 'yes';
    if (facts.runtime.kind !== 'node' && isOpen && websocket?.websocket?.result === 'rejected') {
      return {
        certainty: 'suspected',
        details: { reason: 'origin' },
        evidence: [evidence('A WebSocket was refused where HTTP is served.', websocket)],
      };
    }
    const answer = failingAnswer(facts);
    const body = answer?.body;
    if (!answer || body?.is !== 'engineio-error' || body.code !== 4) return undefined;
    return {
      certainty: 'confirmed',
      details: { reason: body.origin ? 'origin' : 'forbidden' },
      evidence: [evidence('Engine.IO answered with its code 4, forbidden.', answer.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The Socket.IO server itself refused the HTTP request: its `allowRequest` function, an engine middleware or its check of the origin said no. Unlike a refusal by `io.use()`, the client keeps trying.',
  remedy: ({ reason }) =>
    reason === 'origin'
      ? 'Add the origin of the page to the allowed origins of the server (`cors_allowed_origins` in python-socketio).'
      : 'Look at `allowRequest` and at the middlewares registered with `io.engine.use()`: which check refuses this client? To refuse users with a reason, use `io.use()` instead.',
  snippet: () =>
    "io.use((socket, next) => (isAllowed(socket) ? next() : next(new Error('not allowed')))); // with a reason",
  see: [
    { title: 'Server option allowRequest', url: 'https://socket.io/docs/v4/server-options/#allowrequest' },
    {
      title: 'The socket is not able to connect',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#problem-the-socket-is-not-able-to-connect',
    },
  ],
};
