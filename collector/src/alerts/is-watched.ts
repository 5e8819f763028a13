import type { CauseRank } from '../stores/store.js';
import type { AlertRule } from './alert-rule.js';

/** Whether a rule watches a cause; a rule that names none is about failures. */
export function isWatched(rule: Pick<AlertRule, 'code'>, rank: CauseRank): boolean {
  return rule.code === undefined ? rank.severity !== 'info' && rank.phase !== 'usage' : rule.code === rank.code;
}
