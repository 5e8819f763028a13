import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { fingerprint } from '../diagnosis/fingerprint.js';
import { areConnectionsHeld, httpWaits } from '../diagnosis/http-waits.js';
import { isHeldBack } from '../diagnosis/is-held-back.js';
import { isUndelivered } from '../diagnosis/is-undelivered.js';
import { closedAfterPost, lostAfterPost } from '../diagnosis/lost-after-post.js';
import type { Rule, Verdict } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { ProbeName } from '../signals/signal.js';

export interface Details {
  /** The client's own connection timeout, in milliseconds. */
  readonly timeoutMs?: number;
  /** Set if handshakes are answered and only POST requests are not. */
  readonly method?: 'POST';
  /** How long a response took when the SDK asked again, in milliseconds; absent if none came. */
  readonly answeredAfterMs?: number;
}

const DEFAULT_PATH = '/socket.io/';
const ASKED: readonly ProbeName[] = ['websocket-handshake', 'http-reachable', 'http-handshake'];

/** Whether a response at any path can be read. */
function isReadable({ runtime, target }: Facts): boolean {
  return runtime.kind === 'node' || target.sameOrigin;
}

export const rule: Rule<'server-not-answering', Details> = {
  code: 'server-not-answering',
  title: 'The server does not respond in time',
  phase: 'connect',
  fixedBy: 'server',
  severity: 'error',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
  needs: ASKED,
  yieldsTo: ['url-malformed', 'network-offline'],
  match(facts) {
    const failure = facts.connecting;
    const posted = unansweredPost(facts);
    if (posted) return posted;
    if (!failure?.timedOut || failure.handshake) return undefined;
    // A request that the transport never sent cannot be answered.
    if (facts.all('transport-unopened').some(({ attempt }) => attempt === failure.signal.attempt)) return undefined;
    const { timeoutMs } = facts.options;
    // The client's own timer was late: it was busy, and a response may have been waiting for it.
    const closed = facts.during('engine-closed').find(({ attempt }) => attempt === failure.signal.attempt);
    const isBusy = timeoutMs !== null && closed !== undefined && closed.ageMs > timeoutMs + 1_000;
    const limit = timeoutMs === null ? {} : { timeoutMs };
    const http = facts.probe(facts.runtime.kind === 'node' ? 'http-handshake' : 'http-reachable');
    const websocket = facts.probe('websocket-handshake');
    const dialled = failure.transport === 'websocket' ? websocket : http;
    const result = dialled?.http?.result ?? dialled?.websocket?.result;
    const told = evidence('The client timed out waiting for the handshake.', failure.signal);
    // Rejected at once, or opened and then silent, is different from never answered; rejected after the client has stopped waiting is not.
    if (result === 'silent' || result === 'other') return undefined;
    if (dialled && (result === 'failed' || result === 'rejected')) {
      const isLate = timeoutMs !== null && dialled.durationMs >= timeoutMs && !dialled.websocket?.heldBack;
      if (!isLate || fingerprint(facts) === 'yes') return undefined;
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: limit,
        evidence: [
          told,
          evidence(`Asked again, it hung up after ${dialled.durationMs} ms without a response.`, dialled),
        ],
      };
    }
    if (!dialled || dialled.answer === 'unknown') {
      return { certainty: 'suspected', likelihood: 'likely', details: limit, evidence: [told] };
    }
    // A WebSocket that hangs while HTTP works is held up in between, unless it no longer hangs.
    const isServed = http?.http?.result === 'answered' || http?.answer === 'yes';
    if (failure.transport === 'websocket' && isServed && dialled.answer !== 'yes') return undefined;
    // A server that answers a WebSocket at once is not stuck; whatever holds up only HTTP may be in front of it, or in the browser.
    const isWaiting = typeof httpWaits(facts) === 'object';
    const isFull = isWaiting && areConnectionsHeld(facts);
    if (result === 'timeout') {
      // HTTP servers without a handler for this path hang as well, while Engine.IO under another path cuts the WebSocket after a second.
      const isAlive = websocket?.websocket?.result === 'rejected';
      // A server without a handler for this path may have one for another path, which a client with a custom path has missed.
      const isElsewhere = facts.target.path !== DEFAULT_PATH && dialled.http !== undefined && isReadable(facts);
      const isAsked = !isElsewhere || facts.probe('other-path')?.answer === 'no';
      // Firefox leaves requests to the local network pending while it waits for its user.
      const isHeld = isHeldBack(facts);
      const isKnown = [websocket, http].every((asked) => asked && asked.answer !== 'unknown');
      const isSettled = isKnown && !isAlive && isAsked && !isHeld && !isWaiting;
      return {
        certainty: isSettled && !isBusy ? 'confirmed' : 'suspected',
        // As a class: an HTTP server without a handler for this path leaves requests unanswered as well.
        asClass: true,
        likelihood: isAlive || isHeld || isFull || facts.probe('other-path')?.answer === 'yes' ? 'possible' : 'likely',
        ask: isElsewhere ? [...ASKED, 'other-path'] : ASKED,
        details: limit,
        evidence: [told, evidence('A request by the SDK to the same address was not answered either.', dialled)],
      };
    }
    // It came in time, but the client could not parse it.
    if (dialled.http?.body?.is === 'engineio-altered') return undefined;
    const isLate = timeoutMs !== null && dialled.durationMs >= timeoutMs * 0.9;
    // It came, but had not ended when the question did.
    if (dialled.http?.body?.is === 'incomplete') {
      return { certainty: 'suspected', details: limit, evidence: [told] };
    }
    return {
      certainty: isLate && !isBusy && !isWaiting ? 'confirmed' : 'suspected',
      likelihood: isFull ? 'possible' : 'likely',
      details: { ...limit, answeredAfterMs: dialled.durationMs },
      evidence: [told, evidence(`A response took ${dialled.durationMs} ms.`, dialled)],
    };
  },
};

/** Engine.IO answers a POST as soon as it has read the body: a body parser in front of it has left nothing to read. */
function unansweredPost(facts: Facts): Verdict<Details> | undefined {
  const { connecting, unanswered } = facts;
  const session = facts.probe('session');
  // Rejected as a second poll: it did arrive, but with another method. The `Fetch` transport does not show whether the response is empty.
  const { status, body } = connecting?.error ?? {};
  const isOverlap = status === 400 && body?.is === 'empty';
  if (connecting?.handshake && !isOverlap && session?.why === 'no answer' && session.http?.result === 'timeout') {
    return {
      certainty: status === 400 && !body ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      // As a class: the server or anything in front of it may be holding on to the POST.
      asClass: true,
      details: { method: 'POST' },
      evidence: [
        evidence('The session ended right after its handshake.', connecting.signal),
        evidence('A POST request by the SDK to a session of its own was never answered.', session),
      ],
    };
  }
  const lost = session ? undefined : lostAfterPost(facts);
  if (lost) {
    return {
      certainty: 'suspected',
      ask: ['session'],
      details: { method: 'POST' },
      evidence: [
        evidence('The session ended after its first POST request, which may not have been answered.', lost.signal),
      ],
    };
  }
  const closed = closedAfterPost(facts);
  if (closed) {
    return {
      certainty: 'suspected',
      likelihood: facts.probe('namespace-connect')?.connects?.own === 'connected' ? 'likely' : 'possible',
      ask: ['namespace-connect'],
      details: { method: 'POST' },
      evidence: [
        evidence(
          'The server ended the session after its first POST request, which may not have been answered.',
          closed,
        ),
      ],
    };
  }
  if (!unanswered || unanswered.sent === 'no' || !isUndelivered(unanswered)) return undefined;
  return {
    certainty: 'suspected',
    likelihood: 'likely',
    ask: [],
    details: { method: 'POST' },
    evidence: [evidence('The handshake was answered, but the POST request after it was not.', unanswered.signal)],
  };
}

export const text: Text<Details> = {
  summary:
    "The Socket.IO handshake gets no response before the client gives up. The server process is stuck, overloaded or waiting for something (a database, an authentication service), or it takes longer than the client's `timeout`. A firewall that silently drops the packets looks the same.",
  remedy: ({ answeredAfterMs, timeoutMs, method }) =>
    method
      ? 'Handshakes are answered but POST requests are not. Something in front of Engine.IO reads their bodies first: `express.json()` or another body parser before the Socket.IO handler, the `bodyParser` of a Next.js API route, or an adapter for functions. Let requests to the Socket.IO path bypass it, or disable it for them.'
      : answeredAfterMs === undefined
        ? 'Check the server process: is its event loop blocked, is it paused in a debugger, or does an `allowRequest` function or an engine middleware never call back? An HTTP server without a handler for this path also leaves requests unanswered.'
        : answeredAfterMs < (timeoutMs ?? 20_000) / 2
          ? 'The server responds now: it was stuck, or it had to be started first, as on platforms that put idle servers to sleep (in that case, raise `timeout` or keep the server awake). If the client uses only WebSocket through http-proxy-middleware (in Express, webpack or Create React App), the proxy learns of upgrades only after a first HTTP request, unless you register it: `server.on("upgrade", proxy.upgrade)`.'
          : `The server did respond, but only after about ${answeredAfterMs} ms; the client waits ${timeoutMs ?? 20_000} ms. Find out what delays the handshake (\`allowRequest\`, engine middlewares, a blocked event loop), or raise \`timeout\`.`,
  snippet: ({ answeredAfterMs, method }) =>
    method
      ? 'export const config = { api: { bodyParser: false } }; // Next.js, in the Socket.IO API route'
      : answeredAfterMs === undefined
        ? 'io.engine.use((req, res, next) => { next(); }); // must always call next()'
        : 'io(url, { timeout: 20_000 });',
  see: [
    {
      title: 'The server is not reachable',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#the-server-is-not-reachable',
    },
    { title: 'Client option timeout', url: 'https://socket.io/docs/v4/client-options/#timeout' },
  ],
};
