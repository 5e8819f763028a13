import type { AlertMessage } from './alert-message.js';
import type { AlertState } from './alert-state.js';

/** One check of all rules. */
export interface AlertCheck {
  /** Changed in place. */
  readonly state: AlertState;
  readonly nowMs: number;
  /** Whether one more message may be sent in this check. */
  room(): boolean;
  tell(facts: Omit<AlertMessage, 'id' | 'text' | 'url' | 'at'>): void;
}
