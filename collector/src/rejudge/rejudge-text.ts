import { collectorVersion } from '../collector-version.js';
import type { RejudgeReport } from './rejudge.js';

const MAX_VERSIONS = 5;

/** The report as lines for a terminal. Text from records is shown without control characters. */
export function rejudgeText(report: RejudgeReport, { version, apply }: { version: string; apply: boolean }): string {
  const { incidents, changes, kept, applied } = report;
  const changed = changes.reduce((sum, change) => sum + change.incidents, 0);
  const lines = [
    `Judged ${number(incidents)} incidents with the rules of socket.io-diagnostics ${version} (collector ${collectorVersion}).`,
    `Sent by ${sentBy(report)}.`,
    ...(changes.length > 0 ? ['', ...table(report), ''] : []),
    kept['newer-sdk'] > 0 && `${number(kept['newer-sdk'])} keep their diagnosis: it was made by newer rules.`,
    kept['no-answer'] > 0 && `${number(kept['no-answer'])} keep their diagnosis: no rule matches them now.`,
    kept.unreadable > 0 && `${number(kept.unreadable)} keep their diagnosis: their timeline cannot be judged.`,
    outcome(changed, applied, apply),
  ];
  return `${lines.filter((line) => line !== false).join('\n')}\n`;
}

function outcome(changed: number, applied: number, apply: boolean): string {
  if (changed === 0) return '0 changes.';
  if (!apply) return `${number(changed)} would change. Nothing was written; add --apply to store the changes.`;
  const rest = changed - applied;
  const late =
    rest > 0 ? ` ${number(rest)} arrived in a later revision in the meantime, whose own diagnosis counts.` : '';
  return `${number(applied)} changed; their records stay as they were received.${late}`;
}

function table({ changes }: RejudgeReport): string[] {
  const rows = [
    ['from', 'to', 'incidents', 'example'],
    ...changes.map(({ from, to, incidents, example }) => [plain(from), plain(to), number(incidents), plain(example)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([from = '', to = '', incidents = '', example = '']) =>
    [from.padEnd(widths[0] ?? 0), to.padEnd(widths[1] ?? 0), incidents.padStart(widths[2] ?? 0), example].join('  '),
  );
}

function sentBy({ sentBy: versions }: RejudgeReport): string {
  const all = Object.entries(versions).map(([version, incidents]) => `${plain(version)} (${number(incidents)})`);
  const shown = all.slice(0, MAX_VERSIONS).join(', ');
  return all.length > MAX_VERSIONS ? `${shown} and ${all.length - MAX_VERSIONS} other versions` : shown || 'nobody';
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd').slice(0, 100);
}
