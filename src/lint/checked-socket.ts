import type { LocalHints } from '../diagnosis/local-hints.js';
import type { ClientEngine, ClientSocket } from '../signals/client-shapes.js';
import type { OnInternalError } from '../signals/listen.js';
import type { SignalBody } from '../signals/signal.js';
import type { UsageFact } from '../signals/usage.js';
import type { ConnectionRegister } from './connection-register.js';

/** A socket whose use is checked, and what a check may do with its findings. */
export interface CheckedSocket {
  readonly socket: ClientSocket;
  readonly namespace: string;
  /** Frame of the app's code that created the socket, if the runtime reports it. */
  readonly madeAt: string | undefined;
  /** All watched connections of the page. */
  readonly register: ConnectionRegister;
  /** Origin and path that the client dials. */
  address(): string;
  monotonicMs(): number;
  delay(callback: () => void, ms: number): () => void;
  /** `hints` stay in the page. */
  found(fact: UsageFact, hints?: LocalHints): void;
  /** What the named check had found no longer holds. */
  isOver(code: string): void;
  readonly onInternalError: OnInternalError;
}

/** One running check; it leaves out what it does not need. */
export interface RunningCheck {
  onEngine?(engine: ClientEngine): void;
  onSignal?(signal: SignalBody): void;
  stop?(): void;
}

export type Check = (checked: CheckedSocket) => RunningCheck;
