import type { BodyKind } from '../signals/body-kind.js';
import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';

/** What the server said over HTTP at the client's own path, from the client's error or from asking again. */
export interface HttpAnswerFacts {
  readonly status: number | undefined;
  readonly body: BodyKind | undefined;
  /** A known reverse proxy signed the answer. */
  readonly proxy: string | undefined;
  readonly signal: Signal;
}

/** `undefined` when nothing readable was answered. */
export function httpAnswer(facts: Facts): HttpAnswerFacts | undefined {
  const failure = facts.connecting;
  if (!failure) return undefined;
  const probe = facts.probe('http-handshake');
  const asked = probe?.http?.result === 'answered' ? probe.http : undefined;
  const { status, body } = failure.error;
  const own = isInvented(facts, status) ? undefined : status || undefined;
  // The answer to a WebSocket handshake is not an answer of the polling endpoint; what the latter says is worth more.
  const isOwnPolling = failure.transport === 'polling' && (own !== undefined || body !== undefined);
  if (isOwnPolling) {
    const same = asked?.status === undefined || own === undefined || asked.status === own;
    return {
      status: own ?? asked?.status,
      body: body ?? (same ? asked?.body : undefined),
      proxy: asked?.proxy,
      signal: failure.signal,
    };
  }
  if (asked && probe) return { status: asked.status, body: asked.body, proxy: asked.proxy, signal: probe };
  if (own !== undefined) return { status: own, body, proxy: undefined, signal: failure.signal };
  return undefined;
}

/** The status that ended it: of the handshake, or of a request of the session. */
export function failingAnswer(facts: Facts): HttpAnswerFacts | undefined {
  const { closing } = facts;
  const status = closing?.error?.status;
  if (closing && status) return { status, body: closing.error?.body, proxy: undefined, signal: closing.signal };
  return httpAnswer(facts);
}

/** In Node the XMLHttpRequest of 2.0 to 4.2 sets 503 when there was no answer at all (measured on 2.0.4, 3.0.5, 4.0.2, 4.1.3). */
function isInvented(facts: Facts, status: number | undefined): boolean {
  return facts.runtime.kind === 'node' && status === 503 && !facts.connecting?.error.body;
}

/** Whether a body comes from an Engine.IO server. */
export function isEngineBody(body: BodyKind | undefined): boolean {
  return body?.is === 'engineio-open' || body?.is === 'engineio-error';
}
