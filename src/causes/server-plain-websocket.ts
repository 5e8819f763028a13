import { evidence } from '../diagnosis/evidence.js';
import { httpAnswer, isEngineBody } from '../diagnosis/http-answer.js';
import { HTTP_AS_CLOSE_CODE } from '../diagnosis/http-as-close-code.js';
import { isApplicationCloseCode } from '../diagnosis/is-foreign-close-code.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { ProbeName, SignalOf } from '../signals/signal.js';

export interface Details {
  /** What the server sent first: something that is not Socket.IO, or nothing. */
  readonly firstMessage: 'other' | 'none' | 'unknown';
}

const QUESTIONS: readonly ProbeName[] = [
  'websocket-handshake',
  'http-reachable',
  'http-handshake',
  'websocket-other-protocol',
  'other-path',
];

export const rule: Rule<'server-plain-websocket', Details> = {
  code: 'server-plain-websocket',
  title: 'The server speaks plain WebSocket, not Socket.IO',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#you-are-trying-to-reach-a-plain-websocket-server',
  needs: QUESTIONS,
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake || failure.systemError) return undefined;
    const http = httpAnswer(facts);
    if (isEngineBody(http?.body)) return undefined;
    const probe = facts.probe('websocket-handshake');
    const result = probe?.websocket?.result;
    if (!result) {
      // 426 Upgrade Required is what WebSocket libraries respond to plain HTTP (ws lib/websocket-server.js).
      const isLikely = http?.status === 426;
      if ((http?.status ?? 0) >= 500) return undefined;
      return {
        certainty: 'suspected',
        likelihood: isLikely ? 'likely' : 'possible',
        details: { firstMessage: 'unknown' },
        evidence: [evidence('No Socket.IO handshake arrived.', failure.signal)],
      };
    }
    if (result === 'closed') return matchClosed(probe);
    if (result !== 'other' && result !== 'silent') return undefined;
    // Two handlers answered one upgrade: the second response begins with "HTTP", which as a frame is a close frame with this code.
    if (probe.websocket?.closeCode === HTTP_AS_CLOSE_CODE) return undefined;
    const details = { firstMessage: result === 'other' ? ('other' as const) : ('none' as const) };
    const opened = evidence(
      result === 'other'
        ? 'A WebSocket to the same address opened, but what it sent is not Socket.IO.'
        : 'A WebSocket to the same address opened but sent nothing, whereas a Socket.IO server speaks first.',
      probe,
    );
    // 3.x and early 4.x servers accept the WebSocket of an older protocol and stay silent as well.
    const otherProtocol = facts.probe('websocket-other-protocol');
    if (otherProtocol?.answer === 'yes') return undefined;
    const isOldClient = facts.client.protocol === 3;
    // Silence may also come from Socket.IO behind something that swallows frames, under another path, or slow to start: HTTP must be read.
    const asked = facts.probe('http-handshake');
    const isQuick = (asked?.durationMs ?? 0) < 1_000;
    const isElsewhere = facts.probe('other-path')?.answer === 'yes';
    if (isElsewhere) return undefined;
    const isKnownProtocol = !isOldClient || otherProtocol?.answer === 'no';
    // 426 is what a WebSocket server responds to plain HTTP; behind a 404 there may be other things under other paths.
    const isRead = asked?.http?.status === 426 && isQuick && isKnownProtocol;
    // A client that starts with polling has been rejected there as well: a swallowed WebSocket alone would not keep it out.
    const isHidden =
      failure.transport === 'polling' && facts.probe('http-reachable')?.answer === 'yes' && isQuick && isKnownProtocol;
    // A client that starts with WebSocket may have reached a Socket.IO server whose frames are altered in between, or where another handler
    // was faster: HTTP shows whose server it is.
    const isUnread = asked?.http?.result !== 'answered' && failure.transport === 'websocket';
    const isAsked = asked !== undefined && asked.answer !== 'unknown';
    const isSettled = result === 'other' ? failure.transport === 'polling' || isAsked : isAsked && isHidden;
    return {
      certainty: isSettled || isRead ? 'confirmed' : 'suspected',
      ask: result === 'other' ? ['http-handshake'] : QUESTIONS,
      // If HTTP cannot be read, Socket.IO may be there as well, under another path.
      ...((result === 'silent' ? !isRead : isUnread) && { asClass: true as const }),
      likelihood: 'likely',
      details,
      evidence: [opened],
    };
  },
};

/**
 * An Engine.IO server sends something before it could close, and has no codes of its own. Not certain: a gateway in front may accept a
 * WebSocket only to report, with such a code, that it lets nobody in.
 */
function matchClosed(probe: SignalOf<'probe'>): Verdict<Details> | undefined {
  const closeCode = probe.websocket?.closeCode;
  if (!isApplicationCloseCode(closeCode)) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    details: { firstMessage: 'none' },
    evidence: [
      evidence(
        `A WebSocket opened and was closed before any message, with an application's code, ${closeCode}.`,
        probe,
      ),
    ],
  };
}

export const text: Text<Details> = {
  summary:
    'A WebSocket server responds at this address, but it does not speak the Socket.IO protocol. Socket.IO is not a WebSocket implementation: a Socket.IO client cannot connect to a plain WebSocket server, nor vice versa.',
  remedy: () =>
    "Use the WebSocket API (or that server's client library) to talk to it, or run a Socket.IO server there. If there is a Socket.IO server as well, check the port in the URL.",
  snippet: () => "const socket = new WebSocket('wss://your-server.example');",
  see: [
    {
      title: 'You are trying to reach a plain WebSocket server',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#you-are-trying-to-reach-a-plain-websocket-server',
    },
    { title: 'What Socket.IO is not', url: 'https://socket.io/docs/v4/#what-socketio-is-not' },
  ],
};
