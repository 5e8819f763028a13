import { randomUUID } from 'node:crypto';
import type { CollectorLogger } from '../collector-logger.js';
import { type AlertMessage, alertMessage } from './alert-message.js';
import type { AlertState, WaitingMessage } from './alert-state.js';
import { type AlertFormat, encodeAlert } from './encode-alert.js';
import { MAX_RETRY_AFTER_MS, type WebhookAnswer } from './send-webhook.js';

/** Alerts that the webhook has not accepted yet, in the stored state. */
export interface AlertOutbox {
  /** Appends a message to those that are waiting. */
  tell(state: AlertState, facts: Omit<AlertMessage, 'id' | 'text' | 'url' | 'at'>): void;
  /** Sends what is due, oldest first; each outcome is saved before the next message is sent. */
  deliver(state: AlertState, steps: DeliverySteps): Promise<void>;
}

export interface DeliverySteps {
  /** Called before each message; rejects if it must no longer be sent from here. */
  ensure(): Promise<void>;
  save(state: AlertState): Promise<void>;
  readonly isStopped: () => boolean;
}

export interface AlertOutboxContext {
  /** Where people find the dashboard. */
  readonly publicUrl: string | undefined;
  readonly format: AlertFormat;
  /** Never rejects. */
  send(message: { readonly id: string; readonly body: string }): Promise<WebhookAnswer>;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly logger: CollectorLogger;
  readonly onOutcome: (outcome: 'taken' | 'failed' | 'given-up') => void;
}

const FIRST_BACKOFF_MS = 30_000;
const MAX_BACKOFF_MS = 15 * 60_000;
/** What nobody accepted for a day is no longer news. */
const GIVE_UP_MS = 24 * 3_600_000;

export function createAlertOutbox({
  publicUrl,
  format,
  send,
  now,
  logger,
  onOutcome,
}: AlertOutboxContext): AlertOutbox {
  let isReceiverAway = false;

  const note = ({ isTaken, outcome }: WebhookAnswer, isLost: boolean) => {
    if (isLost) logger.error('Gave up on an alert: the webhook did not accept it for a day.');
    if (isTaken === !isReceiverAway) return;
    isReceiverAway = !isTaken;
    if (isTaken) logger.info('The webhook accepts alerts again.');
    else logger.error(`The webhook did not accept an alert (${outcome}); the alert is retried for a day.`);
  };

  return {
    tell({ outbox }, facts) {
      const nowMs = now();
      const id = randomUUID();
      const message = alertMessage({ id, ...facts, at: new Date(nowMs).toISOString() }, publicUrl);
      outbox.push({ id, body: encodeAlert(message, format), sinceMs: nowMs, attempts: 0, nextAtMs: nowMs });
    },
    async deliver(state, { ensure, save, isStopped }) {
      for (const message of [...state.outbox]) {
        const nowMs = now();
        const waitMs = message.nextAtMs - nowMs;
        // Nothing waits longer: that time was recorded by a clock that has been set back since.
        if (waitMs > 0 && waitMs <= MAX_RETRY_AFTER_MS) continue;
        await ensure();
        const answer = await send({ id: message.id, body: message.body });
        if (isStopped() && !answer.isTaken) return;
        const isLost = !answer.isTaken && nowMs - message.sinceMs >= GIVE_UP_MS;
        onOutcome(answer.isTaken ? 'taken' : isLost ? 'given-up' : 'failed');
        note(answer, isLost);
        state.outbox = state.outbox.flatMap((one) => {
          if (one.id !== message.id) return one;
          return answer.isTaken || isLost ? [] : later(one, nowMs, answer.retryAfterMs);
        });
        await save(state);
        if (isStopped() || (!answer.isTaken && answer.isAway)) return;
      }
    },
  };
}

function later(message: WaitingMessage, nowMs: number, retryAfterMs = 0): WaitingMessage {
  const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** message.attempts);
  return { ...message, attempts: message.attempts + 1, nextAtMs: nowMs + Math.max(backoffMs, retryAfterMs) };
}
