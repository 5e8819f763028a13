import type { CauseAnswer } from './cause-answer.js';
import { countOf } from './count-of.js';
import { effectOf } from './effect-of.js';
import { escapeMarkdown } from './escape-markdown.js';
import { explainSafely } from './explain-safely.js';
import { formatShare } from './format-number.js';
import { sinceWhen } from './since-when.js';

interface TicketContext {
  /** The selected time, in words. */
  readonly during: string;
  /** All sessions, with or without the cause. */
  readonly sessions: number | undefined;
  readonly address: string;
}

/** What somebody who is to fix a cause needs to know, as Markdown; names from records appear in it only as text. */
export function ticketText({ report, newest }: CauseAnswer, { during, sessions = 0, address }: TicketContext): string {
  const { summary, remedy, snippet, see } = explainSafely(newest.diagnosis);
  const part = sessions > 0 ? ` (${formatShare(Math.min(1, report.sessions / sessions))} of all)` : '';
  const release = report.firstRelease ? `, first in release ${escapeMarkdown(report.firstRelease.release)}` : '';
  return [
    `## ${escapeMarkdown(report.title)}`,
    `${countOf(report.sessions, 'session')}${part} ${during}; an affected session ${effectOf(report.phase)}. Since ${sinceWhen(report)}${release}.`,
    summary,
    ...(remedy === undefined ? [] : [`**What to change:** ${remedy}`]),
    ...(snippet === undefined ? [] : [`\`\`\`\n${snippet}\n\`\`\``]),
    [
      ...see.map(({ title, url }) => `- [${title}](${url})`),
      `- [\`${report.code}\` in the dashboard](${address})`,
    ].join('\n'),
  ].join('\n\n');
}
