import { randomUUID } from 'node:crypto';
import type { CollectorLogger } from '../collector-logger.js';
import type { CauseRank, FirstSeen, Store } from '../stores/store.js';
import { type AlertMessage, alertMessage } from './alert-message.js';
import {
  type AlertRule,
  DEFAULT_FIRST_SEEN_SESSIONS,
  DEFAULT_SESSIONS,
  DEFAULT_WINDOW_MINUTES,
  type FirstSeenRule,
  type ThresholdRule,
} from './alert-rule.js';
import { type AlertState, emptyAlertState, parseAlertState, type WaitingMessage } from './alert-state.js';
import { type AlertFormat, encodeAlert } from './encode-alert.js';
import { createReleaseHistory } from './release-history.js';
import type { WebhookAnswer } from './send-webhook.js';

export interface AlertsContext {
  readonly store: Pick<Store, 'rankCauses' | 'overview' | 'compareReleases' | 'listFirstSeen' | 'state'>;
  readonly rules: readonly AlertRule[];
  /** Where people find the dashboard. */
  readonly publicUrl: string | undefined;
  readonly format: AlertFormat;
  /** Never rejects. */
  send(message: { readonly id: string; readonly body: string }): Promise<WebhookAnswer>;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly logger: CollectorLogger;
  readonly onOutcome: (outcome: 'taken' | 'failed' | 'given-up') => void;
  /** For how long nobody else tells alerts of this store once this collector has looked; the longest silence after it was killed. */
  readonly leaseMs: number;
}

export interface Alerts {
  /**
   * Looks whether anything is to be told, and tells what waits and is due, unless another collector of the same store does. Never rejects; a
   * second call waits for the first.
   */
  check(): Promise<void>;
  /** Resolves once nothing runs any more; what is on its way then is told again after the next start. */
  stop(): Promise<void>;
}

const STATE_NAME = 'alerts';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A cause that came first with a release longer ago is no news, however many sessions it has come to. */
const WATCHED_MS = 24 * HOUR_MS;
/** Codes are anybody's: no flood of them may become one of messages. What is still so is told when there is room. */
const MAX_NEW_PER_CHECK = 20;
const MAX_WAITING = 100;
const MAX_FIRING = 500;
/** Whose causes are counted in one check. */
const MAX_RELEASES = 20;
const FIRST_BACKOFF_MS = 30_000;
const MAX_BACKOFF_MS = 15 * MINUTE_MS;
/** What nobody took for a day is no news. */
const GIVE_UP_MS = 24 * HOUR_MS;

/** Of the collectors that share a store one tells alerts, as long as it lives. Tells a webhook once when a rule holds, and once when it has not held for a whole window. */
export function createAlerts(context: AlertsContext): Alerts {
  const { store, rules, publicUrl, format, send, now, logger, onOutcome, leaseMs } = context;
  const holder = randomUUID();
  let isMine: boolean | undefined;
  /** On a clock that nobody sets. */
  let mineUntilMs = 0;
  const history = createReleaseHistory(store);
  let state: AlertState | undefined;
  let saved = '';
  let checking: Promise<void> | undefined;
  let isFailing = false;
  let isReceiverAway = false;
  let isStopped = false;

  /** Whether this collector is the one that tells alerts, and has been since it last asked, if it was then. */
  async function claim(): Promise<boolean> {
    const askedMs = performance.now();
    const before = isMine;
    isMine = await store.state.claim(STATE_NAME, holder, leaseMs);
    const isUnbroken = isMine && askedMs < mineUntilMs;
    // What another one may have done meanwhile is in the store.
    if (!isUnbroken) state = undefined;
    mineUntilMs = isMine ? askedMs + leaseMs : 0;
    if (isMine && before === false) logger.info('This collector sends the alerts now.');
    if (!isMine && before !== false) {
      const seconds = Math.round(leaseMs / 1000);
      logger.info(
        `Another collector of this store sends the alerts; this one does ${seconds} seconds after its last sign.`,
      );
    }
    return isUnbroken;
  }

  /** Webhooks may be slow, and a process may be stopped for a while. */
  async function isStillMine(): Promise<boolean> {
    return performance.now() < mineUntilMs - leaseMs / 2 || (await claim());
  }

  async function save(current: AlertState): Promise<void> {
    const text = JSON.stringify(current);
    if (text === saved) return;
    if (!(await isStillMine())) throw new LostLease();
    await store.state.write(STATE_NAME, text);
    saved = text;
  }

  function tell({ outbox }: AlertState, facts: Omit<AlertMessage, 'id' | 'text' | 'url' | 'at'>): void {
    const nowMs = now();
    const id = randomUUID();
    const message = alertMessage({ id, ...facts, at: new Date(nowMs).toISOString() }, publicUrl);
    outbox.push({ id, body: encodeAlert(message, format), sinceMs: nowMs, attempts: 0, nextAtMs: nowMs });
  }

  async function checkThreshold(current: AlertState, rule: ThresholdRule, room: () => boolean): Promise<void> {
    const { firing } = current;
    const { name, app, environment, windowMinutes = DEFAULT_WINDOW_MINUTES } = rule;
    const nowMs = now();
    const where = { ...(app !== undefined && { app }), ...(environment !== undefined && { environment }) };
    const scope = { ...where, sinceMs: nowMs - windowMinutes * MINUTE_MS };
    const ranks = (await store.rankCauses(scope)).filter((rank) => isMeant(rule, rank));
    const ofSessions = rule.share === undefined ? undefined : (await store.overview(scope)).sessions;
    const over = ranks.filter(
      ({ sessions }) =>
        sessions >= (rule.sessions ?? DEFAULT_SESSIONS) &&
        (rule.share === undefined || sessions >= rule.share * Math.max(ofSessions ?? 0, sessions)),
    );
    const facts = (rank: { code: string; title: string }, sessions: number, sinceMs: number) => ({
      rule: name,
      code: rank.code,
      title: rank.title,
      ...where,
      sessions,
      // Sampled sessions are weighted, so that a small number of them may stand for fewer than are affected.
      ...(ofSessions !== undefined && { ofSessions: Math.max(Math.round(ofSessions), sessions) }),
      windowMinutes,
      since: new Date(sinceMs).toISOString(),
    });
    for (const rank of over) {
      const key = JSON.stringify([name, rank.code]);
      const known = firing[key];
      if (known !== undefined) {
        const { belowSinceMs: _, ...still } = known;
        firing[key] = still;
      } else if (room() && Object.keys(firing).length < MAX_FIRING) {
        firing[key] = { rule: name, code: rank.code, title: rank.title, sinceMs: nowMs };
        tell(current, { status: 'firing', ...facts(rank, rank.sessions, nowMs) });
      }
    }
    for (const [key, alert] of Object.entries(firing)) {
      if (alert.rule !== name) continue;
      if (over.some((rank) => rank.code === alert.code)) continue;
      const belowSinceMs = alert.belowSinceMs ?? nowMs;
      if (nowMs - belowSinceMs < windowMinutes * MINUTE_MS) firing[key] = { ...alert, belowSinceMs };
      else {
        delete firing[key];
        const sessions = ranks.find((rank) => rank.code === alert.code)?.sessions ?? 0;
        tell(current, { status: 'resolved', ...facts(alert, sessions, alert.sinceMs) });
      }
    }
  }

  async function checkFirstSeen(
    current: AlertState,
    rule: FirstSeenRule,
    recent: readonly FirstSeen[],
    room: () => boolean,
  ): Promise<void> {
    const ranksOf = new Map<string, readonly CauseRank[]>();
    // The newest first: there may be more than can be asked about at once.
    for (const row of [...recent].reverse()) {
      const { app, environment, release, code, firstReceivedAtMs } = row;
      const key = seenKey(rule, row);
      if (current.seen[key] !== undefined || !isMeantBy(rule, row) || !room()) continue;
      if (!(await history.isNew(row))) {
        current.seen[key] = firstReceivedAtMs;
        continue;
      }
      const place = JSON.stringify([app, environment, release]);
      if (!ranksOf.has(place) && ranksOf.size === MAX_RELEASES) continue;
      const ranks = ranksOf.get(place) ?? (await store.rankCauses({ app, environment, release }));
      ranksOf.set(place, ranks);
      const rank = ranks.find((one) => one.code === code);
      if (rank === undefined || !isMeant(rule, rank)) continue;
      if (rank.sessions < (rule.sessions ?? DEFAULT_FIRST_SEEN_SESSIONS)) continue;
      current.seen[key] = firstReceivedAtMs;
      tell(current, {
        status: 'first-seen',
        rule: rule.name,
        ...{ code, title: rank.title, app, environment, release, sessions: rank.sessions },
        since: new Date(firstReceivedAtMs).toISOString(),
      });
    }
  }

  /** What a rule does not watch any more is forgotten, and so is what is no news. */
  function forget(current: AlertState): void {
    for (const [key, alert] of Object.entries(current.firing)) {
      const isWatched = ({ name, code }: AlertRule) => name === alert.rule && (code ?? alert.code) === alert.code;
      if (!rules.some(isWatched)) delete current.firing[key];
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
    const room = () => current.outbox.length - before < MAX_NEW_PER_CHECK && current.outbox.length < MAX_WAITING;
    for (const rule of rules) {
      if ('firstSeen' in rule) await checkFirstSeen(current, rule, recent, room);
      else await checkThreshold(current, rule, room);
    }
    // Known to the store before anybody is told: a collector that ends now tells it after its next start, under the same id.
    await save(current);
    return current;
  }

  async function deliver(current: AlertState): Promise<void> {
    for (const message of [...current.outbox]) {
      const nowMs = now();
      if (message.nextAtMs > nowMs) continue;
      if (!(await isStillMine())) throw new LostLease();
      const answer = await send({ id: message.id, body: message.body });
      if (isStopped && !answer.isTaken) return;
      const isLost = !answer.isTaken && nowMs - message.sinceMs >= GIVE_UP_MS;
      onOutcome(answer.isTaken ? 'taken' : isLost ? 'given-up' : 'failed');
      note(answer, isLost);
      current.outbox = current.outbox.flatMap((one) => {
        if (one.id !== message.id) return one;
        return answer.isTaken || isLost ? [] : later(one, nowMs, answer.retryAfterMs);
      });
      await save(current);
      if (isStopped || (!answer.isTaken && answer.isAway)) return;
    }
  }

  function note({ isTaken, outcome }: WebhookAnswer, isLost: boolean): void {
    if (isLost) logger.error('An alert is given up: the webhook did not take it for a day.');
    if (isTaken === !isReceiverAway) return;
    isReceiverAway = !isTaken;
    if (isTaken) logger.info('The webhook takes alerts again.');
    else logger.error(`The webhook did not take an alert (${outcome}); it is tried again for a day.`);
  }

  async function checkOnce(): Promise<void> {
    try {
      await claim();
      if (isMine) {
        state = await evaluate();
        await deliver(state);
      }
      isFailing = false;
    } catch (error) {
      if (error instanceof LostLease) return;
      if (!isFailing) logger.error(`Alerts cannot be checked, which is tried again: ${(error as Error).message}`);
      isFailing = true;
    }
  }

  return {
    async stop() {
      isStopped = true;
      await checking;
      // So that another one need not wait.
      if (isMine) await store.state.release(STATE_NAME, holder).catch(() => {});
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

/** Another collector tells alerts now: what was found here is found there. */
class LostLease extends Error {}

function later(message: WaitingMessage, nowMs: number, retryAfterMs = 0): WaitingMessage {
  const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** message.attempts);
  return { ...message, attempts: message.attempts + 1, nextAtMs: nowMs + Math.max(backoffMs, retryAfterMs) };
}

function clone(state: AlertState | undefined): AlertState {
  return parseAlertState(JSON.stringify(state)) ?? emptyAlertState();
}

function seenKey({ name }: FirstSeenRule, { app, environment, release, code }: FirstSeen): string {
  return JSON.stringify([name, app, environment, release, code]);
}

/** A rule that names no cause is about failures. */
function isMeant(rule: Pick<AlertRule, 'code'>, rank: CauseRank): boolean {
  return rule.code === undefined ? rank.severity !== 'info' && rank.phase !== 'usage' : rule.code === rank.code;
}

function isMeantBy({ app, environment, code }: FirstSeenRule, row: FirstSeen): boolean {
  return (
    (app === undefined || app === row.app) &&
    (environment === undefined || environment === row.environment) &&
    (code === undefined || code === row.code)
  );
}
