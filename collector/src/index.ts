export type { AlertMessage } from './alerts/alert-message.js';
export type { AlertRule, FirstSeenRule, ThresholdRule } from './alerts/alert-rule.js';
export type { AlertFormat } from './alerts/encode-alert.js';
export type { AlertOptions } from './alerts/start-alerts.js';
export { CollectorError } from './collector-error.js';
export type { CollectorLogger } from './collector-logger.js';
export type { CollectorOptions } from './collector-options.js';
export type { ProjectKey } from './project-key.js';
export { type Collector, startCollector } from './start-collector.js';
