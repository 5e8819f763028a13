import type { ProbingRuntime } from '../runtime/runtime.js';
import type { ProbeName, ProbeResult } from '../signals/signal.js';
import type { ClientFacts, FailureScope, OptionFacts, TargetFacts } from '../signals/timeline.js';

/** What a probe is about, and the means it has. */
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
  /** Names of the app's own polling headers that cause a CORS preflight; nobody reads their values. */
  readonly headerNames: readonly string[];
  /** Whether the client was given this session id before: then a cache responds. */
  isKnownSid(sid: string): boolean;
  /** Whether the client is currently opening a WebSocket. */
  isClientDialling(): boolean;
  /** WebSockets that have failed on this page so far, ours and the client's: browsers slow down after some. */
  readonly failedWebSockets: number;
  /** Polling attempts that ended at the client's time limit: each may still hold one of the browser's six connections. */
  readonly hungRequests: number;
}

/** One probe that may be sent. It returns what was seen, never a verdict. */
export interface Probe {
  readonly name: ProbeName;
  /** Maximum number of requests that it makes; the budget counts them. */
  cost(context: ProbeContext): number;
  /** Whether the probe makes sense here at all. */
  isPossible(context: ProbeContext): boolean;
  ask(
    context: ProbeContext,
  ): Promise<Omit<ProbeResult, 'kind' | 'name' | 'durationMs'> & { readonly durationMs?: number }>;
}
