import type { BodyKind } from '../signals/body-kind.js';
import type { ErrorFacts } from '../signals/error-facts.js';
import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { isRedirect } from './is-redirect.js';
import { isSendError } from './is-send-error.js';
import { latest } from './latest.js';
import { sendsOwn } from './sends-own.js';

/** How the server responded over HTTP at the client's own path, from the client's error or from a probe. */
export interface HttpAnswerFacts {
  readonly status: number | undefined;
  readonly body: BodyKind | undefined;
  /** A known reverse proxy signed the response. */
  readonly proxy: string | undefined;
  /**
   * It responds to an upgrade, and HTTP has not been probed. A refused upgrade says nothing about HTTP: some proxies refuse only WebSocket,
   * and respond with 502 if Engine.IO cuts an upgrade that is not its own.
   */
  readonly isOfUpgrade: boolean;
  /**
   * It may not be a response to what the client requested: it responds to a probe of the SDK, and the client sends more than that; or a
   * redirect may have led to it.
   */
  readonly isOfAnother?: boolean;
  /** The probe whose result would show whether a redirect may have led to it. */
  readonly ask?: readonly ['http-handshake'] | undefined;
  readonly signal: Signal;
}

/** `undefined` if there was no readable response. */
export function httpAnswer(facts: Facts): HttpAnswerFacts | undefined {
  const failure = facts.connecting;
  if (!failure) return undefined;
  const probe = facts.probe('http-handshake');
  const asked = probe?.http?.result === 'answered' ? probe.http : undefined;
  const { status, body } = failure.error;
  const own = isInvented(facts, failure.error) ? undefined : status || undefined;
  // The response to a WebSocket handshake is not a response of the polling endpoint, which is worth more.
  const isOwnPolling = failure.transport === 'polling' && (own !== undefined || body !== undefined);
  if (isOwnPolling) {
    const same = asked?.status === undefined || own === undefined || asked.status === own;
    return {
      status: own ?? asked?.status,
      body: body ?? (same ? asked?.body : undefined),
      proxy: asked?.proxy,
      isOfUpgrade: false,
      ...ofAnother(facts, failure.error, failure.handshake !== undefined),
      signal: failure.signal,
    };
  }
  if (asked && probe)
    return {
      status: asked.status,
      body: asked.body,
      proxy: asked.proxy,
      isOfUpgrade: false,
      // The client got the same response.
      isOfAnother: sendsOwn(facts) && asked.status !== own,
      signal: probe,
    };
  if (own !== undefined) return { status: own, body, proxy: undefined, isOfUpgrade: true, signal: failure.signal };
  return undefined;
}

/** The status that ended it: of the handshake, or of a request in the session. */
export function failingAnswer(facts: Facts): HttpAnswerFacts | undefined {
  const { closing } = facts;
  const { error } = closing ?? {};
  if (!closing || !error?.status) return httpAnswer(facts);
  return {
    status: error.status,
    body: error.body,
    proxy: undefined,
    isOfUpgrade: false,
    ...ofAnother(facts, error, true),
    signal: closing.signal,
  };
}

/** The statuses of a login page, or of an app that does not know the path to which the login redirected. */
const OF_PAGES: readonly (number | undefined)[] = [200, 401, 403, 404];

export function isOfLoginPage({ status, body }: ErrorFacts): boolean {
  return OF_PAGES.includes(status) && !isEngineBody(body);
}

/**
 * Whether the response may come from a redirect's target. Node's XMLHttpRequest follows redirects silently, so a probe that follows none
 * must be answered first. A POST that is redirected loses its body, and hardly any server responds to that.
 */
export function mayBeElsewhere({ runtime, probe }: Facts, error: ErrorFacts, isOfSession: boolean): boolean {
  const { message, status, body, dialled } = error;
  if (dialled === 'elsewhere') return true;
  if (runtime.kind !== 'node' || message.startsWith('fetch') || isSendError(message)) return false;
  if (isEngineBody(body) || isRedirect(status)) return false;
  if (isOfSession && !isOfLoginPage(error)) return false;
  const asked = probe('http-handshake');
  // Who lets handshakes in may still send the requests of a session to a login.
  return asked?.http?.result !== 'answered' || (isOfSession && asked.answer === 'yes');
}

function ofAnother(
  facts: Facts,
  error: ErrorFacts,
  isOfSession: boolean,
): Pick<HttpAnswerFacts, 'isOfAnother' | 'ask'> {
  const isOfAnother = mayBeElsewhere(facts, error, isOfSession);
  return { isOfAnother, ask: isOfAnother ? ['http-handshake'] : undefined };
}

/** What has stayed the same for this many responses has changed for good and does not alternate. */
const RECENT_ANSWERS = 4;

/**
 * The latest response of one kind if there were others as well since the failure began: servers taking turns behind one address, or
 * something that changes its mind. None of them then says what is broken. `undefined` while all responses are of this kind, or none is.
 */
export function oneOfSeveralAnswers(facts: Facts, isOfKind: (status: number) => boolean): HttpAnswerFacts | undefined {
  const transport = facts.connecting?.transport;
  const failed = facts
    .during('connect-error')
    .filter(({ error, ...signal }) => signal.transport === transport && error.status && !isInvented(facts, error))
    .slice(-RECENT_ANSWERS);
  const own = latest(failed.filter(({ error }) => isOfKind(error.status ?? 0)));
  if (!own || failed.every(({ error }) => isOfKind(error.status ?? 0))) return undefined;
  const { status, body } = own.error;
  return { status, body, proxy: undefined, isOfUpgrade: transport === 'websocket', signal: own };
}

/** In Node, the XMLHttpRequest of 2.0 to 4.2 sets 503 if there was no response at all (measured on 2.0.4, 3.0.5, 4.0.2, 4.1.3). */
function isInvented(facts: Facts, { status, body, message }: ErrorFacts): boolean {
  const isXhr = facts.connecting?.transport === 'polling' && !message.startsWith('fetch');
  return facts.runtime.kind === 'node' && isXhr && status === 503 && !body;
}

/**
 * Whether a refusal in the app's own words, as Engine.IO 1.x passes it on with 400, may just as well come from any API: until the server
 * was seen to speak Engine.IO.
 */
export function isAnybodysRefusal(facts: Facts, { status, body }: HttpAnswerFacts): boolean {
  const isRefusal = status === 400 && body?.is === 'engineio-error' && body.code === 4 && !body.origin;
  return isRefusal && facts.probe('unknown-transport')?.answer !== 'yes';
}

/**
 * Development proxies that cannot reach the server respond with 500: Vite up to 6 without a body (server/middlewares/proxy.ts), Create
 * React App (react-dev-utils/WebpackDevServerUtils.js, onProxyError) and the rewrites of Next.js with a line of text. A body that was not
 * read may be that.
 */
export function isProxys500({ status, body }: HttpAnswerFacts): boolean {
  return status === 500 && (body === undefined || body.is === 'empty' || body.is === 'text');
}

/** Whether a body comes from an Engine.IO server. */
export function isEngineBody(body: BodyKind | undefined): boolean {
  return body?.is === 'engineio-open' || body?.is === 'engineio-error' || body?.is === 'engineio-altered';
}
