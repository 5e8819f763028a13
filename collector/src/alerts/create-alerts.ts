import type { CollectorLogger } from '../collector-logger.js';
import type { Store } from '../stores/store.js';
import type { AlertCheck } from './alert-check.js';
import { createAlertLease, LostLease } from './alert-lease.js';
import { type AlertOutboxContext, createAlertOutbox } from './alert-outbox.js';
import type { AlertRule } from './alert-rule.js';
import { type AlertState, emptyAlertState, parseAlertState } from './alert-state.js';
import { checkFirstSeen, seenKey } from './check-first-seen.js';
import { checkThreshold } from './check-threshold.js';
import { createReleaseHistory } from './release-history.js';

export interface AlertsContext extends AlertOutboxContext {
  readonly store: Pick<Store, 'rankCauses' | 'overview' | 'compareReleases' | 'listFirstSeen' | 'state'>;
  readonly rules: readonly AlertRule[];
  readonly logger: CollectorLogger;
  /** For how long nobody else sends the alerts of this store once this collector has checked; the longest silence after it was killed. */
  readonly leaseMs: number;
}

export interface Alerts {
  /**
   * Checks whether anything needs to be reported, and sends what is waiting and due, unless another collector on the same store does. Never
   * rejects; a second call waits for the first.
   */
  check(): Promise<void>;
  /** Resolves once nothing is running any more; messages in flight at that moment are sent again after the next start. */
  stop(): Promise<void>;
}

const STATE_NAME = 'alerts';
const HOUR_MS = 3_600_000;
/** A cause that first came with a release longer ago is no news, however many sessions it has reached. */
const WATCHED_MS = 24 * HOUR_MS;
/** Anybody can send any code: a flood of codes must not become a flood of messages. What still holds is reported when there is room. */
const MAX_NEW_PER_CHECK = 20;
const MAX_WAITING = 100;

/**
 * Of the collectors that share a store, one sends the alerts for as long as it lives. It notifies a webhook once when a rule holds, and
 * once when it has not held for a whole window.
 */
export function createAlerts(context: AlertsContext): Alerts {
  const { store, rules, now, logger, leaseMs } = context;
  const lease = createAlertLease({ state: store.state, name: STATE_NAME, leaseMs, logger });
  const outbox = createAlertOutbox(context);
  const history = createReleaseHistory(store);
  /** Absent until it is read, and again whenever another collector may have changed it. */
  let state: AlertState | undefined;
  let saved = '';
  let checking: Promise<void> | undefined;
  let isFailing = false;
  let isStopped = false;

  async function save(current: AlertState): Promise<void> {
    const text = JSON.stringify(current);
    if (text === saved) return;
    await lease.ensure();
    await store.state.write(STATE_NAME, text);
    saved = text;
  }

  /** What a rule no longer watches is forgotten, and so is what is no longer news. */
  function forget(current: AlertState): void {
    for (const [key, alert] of Object.entries(current.firing)) {
      const isStillWatched = ({ name, code }: AlertRule) => name === alert.rule && (code ?? alert.code) === alert.code;
      if (!rules.some(isStillWatched)) delete current.firing[key];
    }
    for (const [key, atMs] of Object.entries(current.seen)) {
      if (atMs < now() - WATCHED_MS - HOUR_MS) delete current.seen[key];
    }
  }

  async function evaluate(): Promise<AlertState> {
    const isFirst = state === undefined;
    const stored = isFirst ? await store.state.read(STATE_NAME) : undefined;
    // Changed on a copy: what could not be written must be found again.
    const current = isFirst ? (parseAlertState(stored) ?? emptyAlertState()) : clone(state);
    if (isFirst) saved = stored ?? '';
    const firstSeenRules = rules.filter((rule) => 'firstSeen' in rule);
    const recent = firstSeenRules.length === 0 ? [] : await history.since(now() - WATCHED_MS);
    if (isFirst && parseAlertState(stored) === undefined) {
      for (const rule of firstSeenRules)
        for (const row of recent) current.seen[seenKey(rule, row)] = row.firstReceivedAtMs;
    }
    forget(current);
    const before = current.outbox.length;
    const check: AlertCheck = {
      state: current,
      nowMs: now(),
      room: () => current.outbox.length - before < MAX_NEW_PER_CHECK && current.outbox.length < MAX_WAITING,
      tell: (facts) => outbox.tell(current, facts),
    };
    for (const rule of rules) {
      if ('firstSeen' in rule) await checkFirstSeen({ store, history, recent }, rule, check);
      else await checkThreshold(store, rule, check);
    }
    // Stored before anybody is notified: a collector that ends now sends it after its next start, under the same id.
    await save(current);
    return current;
  }

  async function checkOnce(): Promise<void> {
    try {
      const claim = await lease.claim();
      if (claim !== 'kept') state = undefined;
      if (claim !== 'elsewhere') {
        state = await evaluate();
        await outbox.deliver(state, { ensure: lease.ensure, save, isStopped: () => isStopped });
      }
      isFailing = false;
    } catch (error) {
      if (error instanceof LostLease) {
        state = undefined;
        return;
      }
      if (!isFailing)
        logger.error(`Alerts cannot be checked right now and will be tried again: ${(error as Error).message}`);
      isFailing = true;
    }
  }

  return {
    async stop() {
      isStopped = true;
      await checking;
      await lease.release();
    },
    async check() {
      if (isStopped) return;
      checking ??= checkOnce().finally(() => {
        checking = undefined;
      });
      await checking;
    },
  };
}

function clone(state: AlertState | undefined): AlertState {
  return parseAlertState(JSON.stringify(state)) ?? emptyAlertState();
}
