import type { Store } from '../stores/store.js';
import type { AlertCheck } from './alert-check.js';
import { DEFAULT_SESSIONS, DEFAULT_WINDOW_MINUTES, type ThresholdRule } from './alert-rule.js';
import { isWatched } from './is-watched.js';

const MINUTE_MS = 60_000;
/**
 * Devices may be ahead of this clock by as much as is not corrected. Anything dated later came while this clock itself was ahead: from then
 * on, it would count in every window.
 */
const AHEAD_MS = MINUTE_MS;
/** Anybody can send any code. */
const MAX_FIRING = 500;

/** Reports which causes have crossed the threshold of a rule, and which have been below it for a whole window. */
export async function checkThreshold(
  store: Pick<Store, 'rankCauses' | 'overview'>,
  rule: ThresholdRule,
  { state: { firing }, nowMs, room, tell }: AlertCheck,
): Promise<void> {
  const { name, app, environment, windowMinutes = DEFAULT_WINDOW_MINUTES } = rule;
  const where = { ...(app !== undefined && { app }), ...(environment !== undefined && { environment }) };
  const scope = { ...where, sinceMs: nowMs - windowMinutes * MINUTE_MS, untilMs: nowMs + AHEAD_MS };
  const ranks = (await store.rankCauses(scope)).filter((rank) => isWatched(rule, rank));
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
    // Sampled sessions are weighted, so a small number of them may stand for fewer than are affected.
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
      tell({ status: 'firing', ...facts(rank, rank.sessions, nowMs) });
    }
  }
  for (const [key, alert] of Object.entries(firing)) {
    if (alert.rule !== name) continue;
    if (over.some((rank) => rank.code === alert.code)) continue;
    // A clock that was ahead then and has been set back since must not delay the end for years.
    const belowSinceMs = Math.min(alert.belowSinceMs ?? nowMs, nowMs);
    if (nowMs - belowSinceMs < windowMinutes * MINUTE_MS) firing[key] = { ...alert, belowSinceMs };
    else {
      delete firing[key];
      const sessions = ranks.find((rank) => rank.code === alert.code)?.sessions ?? 0;
      tell({ status: 'resolved', ...facts(alert, sessions, alert.sinceMs) });
    }
  }
}
