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
  /** The client's own limit for a connection, in milliseconds. */
  readonly timeoutMs?: number;
  /** Set where handshakes are answered and only POST requests are not. */
  readonly method?: 'POST';
  /** How long an answer took when the SDK asked again, in milliseconds; absent when none came. */
  readonly answeredAfterMs?: number;
}

const DEFAULT_PATH = '/socket.io/';
const ASKED: readonly ProbeName[] = ['websocket-handshake', 'http-reachable', 'http-handshake'];

/** Whether an answer at any path can be read. */
function isReadable({ runtime, target }: Facts): boolean {
  return runtime.kind === 'node' || target.sameOrigin;
}

export const rule: Rule<'server-not-answering', Details> = {
  code: 'server-not-answering',
  title: 'The server accepts the connection but does not answer in time',
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
    // No server waits for what a transport never sent.
    if (facts.all('transport-unopened').some(({ attempt }) => attempt === failure.signal.attempt)) return undefined;
    const { timeoutMs } = facts.options;
    // The client's own timer was late: it was busy, and an answer may have waited for it.
    const closed = facts.during('engine-closed').find(({ attempt }) => attempt === failure.signal.attempt);
    const isBusy = timeoutMs !== null && closed !== undefined && closed.ageMs > timeoutMs + 1_000;
    const limit = timeoutMs === null ? {} : { timeoutMs };
    const http = facts.probe(facts.runtime.kind === 'node' ? 'http-handshake' : 'http-reachable');
    const websocket = facts.probe('websocket-handshake');
    const dialled = failure.transport === 'websocket' ? websocket : http;
    const result = dialled?.http?.result ?? dialled?.websocket?.result;
    const told = evidence('The client gave up waiting for the handshake.', failure.signal);
    // Refused at once, or opened and then silent, is another story than never answered; refused when the client waits no more is not.
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
          evidence(`Asked again, it hung up after ${dialled.durationMs} ms without an answer.`, dialled),
        ],
      };
    }
    if (!dialled || dialled.answer === 'unknown') {
      return { certainty: 'suspected', likelihood: 'likely', details: limit, evidence: [told] };
    }
    // A WebSocket that hangs while HTTP answers is held up on its way, unless it hangs no more.
    const isServed = http?.http?.result === 'answered' || http?.answer === 'yes';
    if (failure.transport === 'websocket' && isServed && dialled.answer !== 'yes') return undefined;
    // A server that answers a WebSocket at once is not stuck; what holds HTTP up alone may be in front of it, or in the browser.
    const isWaiting = typeof httpWaits(facts) === 'object';
    const isFull = isWaiting && areConnectionsHeld(facts);
    if (result === 'timeout') {
      // HTTP servers with no handler for this path hang as well, while Engine.IO under another path cuts the WebSocket after a second.
      const isAlive = websocket?.websocket?.result === 'rejected';
      // A server without a handler for this path may have one for another, which a client of a path of its own has missed.
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
    // It came in time, and the client could not read it.
    if (dialled.http?.body?.is === 'engineio-altered') return undefined;
    const isLate = timeoutMs !== null && dialled.durationMs >= timeoutMs * 0.9;
    // It came, and had not ended when the question did.
    if (dialled.http?.body?.is === 'incomplete') {
      return { certainty: 'suspected', details: limit, evidence: [told] };
    }
    return {
      certainty: isLate && !isBusy && !isWaiting ? 'confirmed' : 'suspected',
      likelihood: isFull ? 'possible' : 'likely',
      details: { ...limit, answeredAfterMs: dialled.durationMs },
      evidence: [told, evidence(`An answer took ${dialled.durationMs} ms.`, dialled)],
    };
  },
};

/** Engine.IO answers a POST as soon as it has read the body: a body parser in front of it has left it nothing to read. */
function unansweredPost(facts: Facts): Verdict<Details> | undefined {
  const { connecting, unanswered } = facts;
  const session = facts.probe('session');
  // Refused as a second poll: it did arrive, as another method. The transport `Fetch` does not show whether the answer is empty.
  const { status, body } = connecting?.error ?? {};
  const isOverlap = status === 400 && body?.is === 'empty';
  if (connecting?.handshake && !isOverlap && session?.why === 'no answer' && session.http?.result === 'timeout') {
    return {
      certainty: status === 400 && !body ? 'suspected' : 'confirmed',
      likelihood: 'likely',
      // As a class: what keeps the POST to itself may be the server or anything in front of it.
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
    evidence: [evidence('The handshake was answered, and the POST request after it was not.', unanswered.signal)],
  };
}

export const text: Text<Details> = {
  summary:
    'A connection to the server is accepted, but the Socket.IO handshake is not answered before the client gives up. The process is stuck, overloaded or waiting for something (a database, an authentication service), or the answer takes longer than the `timeout` of the client.',
  remedy: ({ answeredAfterMs, timeoutMs, method }) =>
    method
      ? 'Handshakes are answered and POST requests are not. Something in front of Engine.IO reads their bodies first: `express.json()` or another body parser before the Socket.IO handler, the `bodyParser` of a Next.js API route, an adapter for functions. Let requests to the path of Socket.IO pass before it, or switch it off for them.'
      : answeredAfterMs === undefined
        ? 'Look at the server process: is its event loop blocked, is it stopped in a debugger, does an `allowRequest` function or an engine middleware never call back? An HTTP server without a handler for this path also leaves requests unanswered.'
        : answeredAfterMs < (timeoutMs ?? 20_000) / 2
          ? 'The server answers now: it was stuck, or it had to be started first, as platforms do with a server that sleeps while nobody asks (then raise `timeout`, or keep it awake). If the client uses WebSocket alone through http-proxy-middleware (in Express, webpack or Create React App): that hears of upgrades only after a first request over HTTP, unless it is told: `server.on("upgrade", proxy.upgrade)`.'
          : `The server did answer, but only after about ${answeredAfterMs} ms; the client waits ${timeoutMs ?? 20_000} ms. Find what delays the handshake (allowRequest, engine middlewares, a blocked event loop), or raise \`timeout\`.`,
  snippet: ({ answeredAfterMs, method }) =>
    method
      ? 'export const config = { api: { bodyParser: false } }; // Next.js, in the API route of Socket.IO'
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
