import { CollectorError } from '../collector-error.js';
import type { CollectorLogger } from '../collector-logger.js';
import type { Store } from '../stores/store.js';
import { type AlertRule, checkAlertRules, DEFAULT_RULES } from './alert-rule.js';
import { type AlertsContext, createAlerts } from './create-alerts.js';
import { ALERT_FORMATS, type AlertFormat } from './encode-alert.js';
import { checkPublicUrl, checkWebhookUrl, sendWebhook } from './send-webhook.js';

export interface AlertOptions {
  /** Gets a POST for each alert. */
  readonly webhookUrl: string;
  /** Signs each body with HMAC-SHA256, in `X-Signature-256`. */
  readonly secret?: string;
  /** Where people find the dashboard, for links in messages. */
  readonly publicUrl?: string;
  /** Absent: `json`. */
  readonly format?: AlertFormat;
  /** Absent: 5 % of at least 10 sessions within an hour, and causes that are new in a release. */
  readonly rules?: readonly AlertRule[];
  /** Absent: a minute. */
  readonly checkEveryMs?: number;
}

const CHECK_EVERY_MS = 60_000;

/** How many checks in a row may be late before another collector takes over. */
const CHECKS_PER_LEASE = 2.5;
const MIN_LEASE_MS = 10_000;

/** The same options; a `CollectorError` names what is wrong with them. */
export function checkAlertOptions({
  webhookUrl,
  publicUrl,
  rules,
  secret,
  format,
  checkEveryMs,
  ...unknown
}: AlertOptions): AlertOptions {
  const [name] = Object.keys(unknown);
  if (name !== undefined) {
    throw new CollectorError(
      `alerts has an unknown option "${name.slice(0, 60)}"; the options are webhookUrl, secret, publicUrl, format, rules and checkEveryMs.`,
    );
  }
  if (format !== undefined && !ALERT_FORMATS.includes(format)) {
    throw new CollectorError(
      `alerts: format takes ${ALERT_FORMATS.join(' or ')}, not "${String(format).slice(0, 60)}".`,
    );
  }
  if (checkEveryMs !== undefined && !(checkEveryMs > 0)) {
    throw new CollectorError(`alerts: checkEveryMs takes a number of milliseconds above 0, not ${checkEveryMs}.`);
  }
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(format === undefined ? {} : { format }),
    ...(checkEveryMs === undefined ? {} : { checkEveryMs }),
    webhookUrl: checkWebhookUrl(webhookUrl, '--alert-webhook'),
    ...(publicUrl === undefined ? {} : { publicUrl: checkPublicUrl(publicUrl) }),
    rules: checkAlertRules(rules ?? DEFAULT_RULES),
  };
}

/** Checks at once and then every minute; `stop` resolves once nothing is running any more. */
export function startAlerts(
  {
    webhookUrl: url,
    secret,
    publicUrl,
    format = 'json',
    rules = DEFAULT_RULES,
    checkEveryMs = CHECK_EVERY_MS,
  }: AlertOptions,
  context: Pick<AlertsContext, 'onOutcome'> & { readonly store: Store; readonly logger: CollectorLogger },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const alerts = createAlerts({
    ...context,
    rules,
    publicUrl,
    format,
    now: () => Date.now(),
    leaseMs: Math.max(MIN_LEASE_MS, CHECKS_PER_LEASE * checkEveryMs),
    send: (message) => sendWebhook({ url, ...(secret !== undefined && { secret }) }, { ...message, signal }),
  });
  const timer = setInterval(() => void alerts.check(), checkEveryMs);
  timer.unref();
  void alerts.check();
  return {
    async stop() {
      clearInterval(timer);
      const stopped = alerts.stop();
      stopping.abort();
      await stopped;
    },
  };
}
