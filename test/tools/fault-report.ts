import { markdownTable } from '../../scripts/markdown-table.js';
import { usageRules } from '../../src/causes/usage-rules.js';
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

const ENGINES = ['node', 'chromium', 'firefox', 'webkit', 'react-native'] as const;

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

/** What was answered by cause, client version and engine, how long it took and what it cost, and what was wrong. */
export function reportAsMarkdown(entries: readonly RunEntry[]): string {
  const engines = ENGINES.filter((engine) => entries.some((entry) => engineOf(entry) === engine));
  const faults = entries.filter(({ healthy }) => !healthy);
  const rows = [...group(faults, ({ code, client }) => `${code} ${client}`).values()].map((runs) => [
    `\`${runs[0]?.code}\``,
    runs[0]?.client ?? '',
    ...engines.map((engine) => answersOf(runs.filter((run) => engineOf(run) === engine))),
  ]);
  const healthy = [
    ...group(
      entries.filter((entry) => entry.healthy),
      ({ code }) => code,
    ).entries(),
  ].map(([name, runs]) => [
    name,
    ...engines.map((engine) => answersOf(runs.filter((run) => engineOf(run) === engine))),
  ]);
  const paces = [...group(faults, ({ code }) => code).entries()].map(([code, runs]) => [
    `\`${code}\``,
    ...engines.map((engine) => paceOf(runs.filter((run) => engineOf(run) === engine))),
    costOf(runs),
  ]);
  const wrong = entries.filter(({ problems }) => problems.length > 0);
  return [
    reportTotals(entries),
    '',
    '## Answers',
    '',
    'Runs by diagnosis. `class`: confirmed as a class, with its other members listed. In parentheses: what was reported instead of the cause,',
    'which it lists. Pages of the same origin and of another one count together.',
    '',
    markdownTable(['Cause', 'Client', ...engines], rows),
    '',
    '## Healthy setups',
    '',
    markdownTable(['Set-up', ...engines], healthy),
    '',
    '## From the first sign of the failure to the final diagnosis, and what it costs',
    '',
    'Medians: seconds, and connection attempts that had failed by then. The last column: requests that the SDK made in a page, and how many red',
    "lines they caused in Chromium's console (not counting the client's own attempts).",
    '',
    markdownTable(['Cause', ...engines, 'Requests, red lines'], paces),
    '',
    '## Wrong',
    '',
    ...(wrong.length === 0
      ? ['None.']
      : wrong.map(
          ({ code, variant, place, problems }) => `- \`${code}\` ${variant}, ${place}: ${problems.join('; ')}`,
        )),
    '',
  ].join('\n');
}

export function reportTotals(entries: readonly RunEntry[]): string {
  const tried = entries.filter(({ skipped }) => skipped === undefined);
  const wrongConfirmed = tried.filter(({ confirmed, truths }) => confirmed.some((code) => !truths.includes(code)));
  const healthy = tried.filter((entry) => entry.healthy);
  const onHealthy = healthy.filter(({ answers }) => answers.length > 0);
  const wrong = tried.filter(({ problems }) => problems.length > 0);
  // What `lint` finds is told at once: it would only flatter the others.
  const isUsage = ({ code }: RunEntry) => usageRules().some((rule) => rule.code === code);
  const settled = tried.flatMap((entry) => (entry.healthy || isUsage(entry) ? [] : (entry.settled ?? [])));
  const seconds = median(settled.map(({ afterMs }) => afterMs / 1_000)).toFixed(1);
  return [
    `${tried.length} runs, ${entries.length - tried.length} not possible; ${wrong.length} wrong, ${wrongConfirmed.length} of them with a wrong \`confirmed\`;`,
    `${onHealthy.length} diagnoses on ${healthy.length} healthy runs.`,
    `Median time to the final diagnosis: ${seconds} s, ${median(settled.map(({ attempts }) => attempts))} failed attempts.`,
  ].join('\n');
}

function answersOf(runs: readonly RunEntry[]): string {
  const tried = runs.filter(({ skipped }) => skipped === undefined);
  const told = group(tried, ({ code, healthy, answers, problems }) => {
    if (problems.length > 0) return '**wrong**';
    const own = answers.find((answer) => answer.code === code);
    const answer = own ?? answers[answers.length - 1];
    if (!answer) return healthy ? 'silent' : 'nothing';
    const isClass = answer.certainty === 'confirmed' && answer.alternatives.length > 0;
    return `${isClass ? 'class' : answer.certainty}${own ? '' : ` (${answer.code})`}`;
  });
  return [...told].map(([text, same]) => `${same.length} ${text}`).join(', ');
}

function paceOf(runs: readonly RunEntry[]): string {
  const settled = runs.flatMap((run) => run.settled ?? []);
  if (settled.length === 0) return '';
  const seconds = median(settled.map(({ afterMs }) => afterMs / 1_000)).toFixed(1);
  return `${seconds} s, ${median(settled.map(({ attempts }) => attempts))}`;
}

function costOf(runs: readonly RunEntry[]): string {
  const asked = runs.flatMap((run) => run.asked ?? []);
  if (asked.length === 0) return '';
  const lines = asked.flatMap(({ redLines }) => redLines ?? []);
  return `${median(asked.map(({ requests }) => requests))}${lines.length > 0 ? `, ${median(lines)}` : ''}`;
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
