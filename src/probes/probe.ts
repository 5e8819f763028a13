import type { ProbingRuntime } from '../runtime/runtime.js';
import type { ProbeName, ProbeResult } from '../signals/signal.js';
import type { ClientFacts, FailureScope, OptionFacts, TargetFacts } from '../signals/timeline.js';

/** What a question is asked about, and with which means. */
export interface ProbeContext {
  readonly runtime: ProbingRuntime;
  readonly target: TargetFacts;
  readonly client: ClientFacts;
  readonly options: OptionFacts;
  readonly namespace: string;
  readonly phase: FailureScope['phase'];
  /** Limit for one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Node only: the client's own TLS and agent options; never stored or sent. */
  readonly tls: object | undefined;
  /** Names of the app's own polling headers that make a browser ask the server first; their values are read by nobody. */
  readonly headerNames: readonly string[];
  /** Whether the client was given this session id before: a cache answers then. */
  isKnownSid(sid: string): boolean;
  /** Whether the client is opening a WebSocket at this moment. */
  isClientDialling(): boolean;
  /** WebSockets that failed on this page so far, ours and the client's: browsers slow down after some. */
  readonly failedWebSockets: number;
  /** Polling attempts that ended at the client's time limit: each may still hold one of the browser's six connections. */
  readonly hungRequests: number;
}

/** One question that may be asked. It returns what was seen, never a verdict. */
export interface Probe {
  readonly name: ProbeName;
  /** Requests that it makes at most; the budget counts them. */
  cost(context: ProbeContext): number;
  /** Whether the question makes sense here at all. */
  isPossible(context: ProbeContext): boolean;
  ask(
    context: ProbeContext,
  ): Promise<Omit<ProbeResult, 'kind' | 'name' | 'durationMs'> & { readonly durationMs?: number }>;
}
