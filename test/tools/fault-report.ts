import type { Timeline } from '../../src/signals/timeline.js';
import type { RunResult } from '../faults/_kit/run-fault.js';

/** One run as the report keeps it. */
export interface RunEntry {
  readonly code: string;
  readonly variant: string;
  readonly place: string;
  readonly client: string;
  readonly healthy: boolean;
  /** What was told last of each incident. */
  readonly answers: readonly Answer[];
  /** Codes that were ever confirmed. */
  readonly confirmed: readonly string[];
  /** Codes that hold: the fault's own and those that hold beside it. */
  readonly truths: readonly string[];
  readonly problems: readonly string[];
  readonly skipped?: string;
  /** From the first sign of the failure to the answer that stayed. */
  readonly settled?: { readonly afterMs: number; readonly attempts: number };
  /** In a page: what the SDK asked the network, and the red lines that this wrote to Chromium's console. */
  readonly asked?: { readonly requests: number; readonly redLines?: number };
  readonly tookMs: number;
  /** What was seen, where the answer was wrong. */
  readonly timeline?: Timeline;
}

interface Answer {
  readonly code: string;
  readonly certainty: string;
  readonly alternatives: readonly string[];
}

const ENGINES = ['node', 'chromium', 'firefox', 'webkit'] as const;

export function toEntry(result: RunResult): RunEntry {
  const { code, variant, place, client, healthy, expect, incidents, problems, skipped, settled, asked, tookMs } =
    result;
  const timeline = incidents.at(-1)?.timeline ?? result.timeline;
  return {
    code,
    variant,
    place,
    client,
    healthy,
    answers: incidents.map(({ diagnosis }) => ({
      code: diagnosis.code,
      certainty: diagnosis.certainty,
      alternatives: diagnosis.alternatives.map((alternative) => alternative.code),
    })),
    confirmed: [
      ...new Set(
        incidents
          .flatMap(({ diagnosis, history }) => [...history, diagnosis])
          .filter(({ certainty }) => certainty === 'confirmed')
          .map((told) => told.code),
      ),
    ],
    truths: healthy ? [] : [code, ...(expect.also ?? []), ...(expect.within === undefined ? [] : [expect.within])],
    problems,
    ...(skipped !== undefined && { skipped }),
    ...(settled && { settled }),
    ...(asked && { asked }),
    tookMs,
    ...(problems.length > 0 && timeline && { timeline }),
  };
}

/** What was answered by cause, client version and engine, how long it took, and what was wrong. */
export function reportAsMarkdown(entries: readonly RunEntry[]): string {
  const engines = ENGINES.filter((engine) => entries.some((entry) => engineOf(entry) === engine));
  const rows = [...group(entries, ({ code, client }) => `${code} ${client}`).values()].map((runs) => [
    `\`${runs[0]?.code}\``,
    runs[0]?.client ?? '',
    ...engines.map((engine) => cell(runs.filter((run) => engineOf(run) === engine))),
  ]);
  const paces = [...group(entries, ({ code }) => code).entries()].map(([code, runs]) => [
    `\`${code}\``,
    ...engines.map((engine) => pace(runs.filter((run) => engineOf(run) === engine))),
  ]);
  return [
    '## Answers',
    '',
    'Number of runs by answer; in brackets what was told instead of the cause.',
    '',
    table(['Cause', 'Client', ...engines], rows),
    '',
    '## From the first sign of the failure to the answer that stays',
    '',
    'Median, in seconds and in failed attempts to connect.',
    '',
    table(['Cause', ...engines], paces),
    '',
    '## Wrong',
    '',
    ...entries
      .filter(({ problems }) => problems.length > 0)
      .map(({ code, variant, place, problems }) => `- \`${code}\` ${variant}, ${place}: ${problems.join('; ')}`),
    '',
    reportTotals(entries),
    '',
  ].join('\n');
}

export function reportTotals(entries: readonly RunEntry[]): string {
  const tried = entries.filter(({ skipped }) => skipped === undefined);
  const wrongConfirmed = tried.filter(({ confirmed, truths }) => confirmed.some((code) => !truths.includes(code)));
  const onHealthy = tried.filter(({ healthy, answers }) => healthy && answers.length > 0);
  const wrong = tried.filter(({ problems }) => problems.length > 0);
  return `${tried.length} runs, ${entries.length - tried.length} not possible; ${wrong.length} wrong, of them ${wrongConfirmed.length} with a wrong \`confirmed\`; ${onHealthy.length} diagnoses on ${tried.filter(({ healthy }) => healthy).length} healthy runs.`;
}

function cell(runs: readonly RunEntry[]): string {
  const tried = runs.filter(({ skipped }) => skipped === undefined);
  const told = group(tried, ({ code, healthy, answers, problems }) => {
    const own = answers.find((answer) => answer.code === code);
    const answer = own ?? answers[answers.length - 1];
    const mark = problems.length > 0 ? '**wrong** ' : '';
    if (!answer) return mark + (healthy ? 'silent' : 'nothing');
    return `${mark}${answer.certainty}${own ? '' : ` (${answer.code})`}`;
  });
  return [...told].map(([text, same]) => `${same.length} ${text}`).join(', ');
}

function pace(runs: readonly RunEntry[]): string {
  const settled = runs.flatMap((run) => run.settled ?? []);
  if (settled.length === 0) return '';
  const seconds = median(settled.map(({ afterMs }) => afterMs / 1_000)).toFixed(1);
  return `${seconds} s, ${median(settled.map(({ attempts }) => attempts))}`;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function engineOf({ place }: RunEntry): string {
  return place.replace('-same', '');
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
