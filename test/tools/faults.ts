import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { closeBrowsers } from '../browser/harness.js';
import type { RunPlace } from '../faults/_kit/fault.js';
import { loadFault, placesOf, type RunResult, runFaultAgainIfBroken } from '../faults/_kit/run-fault.js';
import { allCodes } from './all-codes.js';
import { type RunEntry, reportAsMarkdown, reportTotals, toEntry } from './fault-report.js';
import { parseEngines } from './parse-engines.js';
import { saveRecording } from './save-recording.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Only this place: node, chromium, chromium-same, firefox, … */
    place: { type: 'string' },
    /** Browsers: chromium, firefox, webkit, several of them with commas, or all. */
    engine: { type: 'string' },
    /** Only this variant. */
    variant: { type: 'string' },
    /** Only a part of the runs, such as 1/4; the parts of all four make the whole. */
    shard: { type: 'string', default: '1/1' },
    /** Where the report goes: this file as Markdown, and the same with .json beside it. */
    report: { type: 'string' },
    /** Heading of the report. */
    title: { type: 'string' },
    /** A paragraph below it, such as what was run with. */
    note: { type: 'string' },
    /** Runs nothing: makes one report of the .json files that are named. */
    merge: { type: 'boolean', default: false },
    /** Also writes the recordings of the runs that were right, of Firefox and WebKit those that show something else than Chromium. */
    record: { type: 'boolean', default: false },
    /** Without the SDK: print what the client library itself says. */
    raw: { type: 'boolean', default: false },
  },
});

const entries = values.merge
  ? positionals.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')) as RunEntry[])
  : await runAll();
if (!values.raw) write(values.report ?? `reports/faults${shardSuffix()}.md`);
const wrong = entries.filter(({ problems }) => problems.length > 0).length;
console.log(wrong === 0 ? 'all right' : `${wrong} wrong`);
// Requests that a client left hanging on purpose would keep the process alive.
process.exit(wrong === 0 ? 0 : 1);

async function runAll(): Promise<RunEntry[]> {
  const done: RunEntry[] = [];
  for (const { code, variant, place } of inShard(await allRuns())) {
    const result = await runFaultAgainIfBroken(code, variant, place, { raw: values.raw });
    done.push(toEntry(result));
    console.log(line(result));
    if (values.raw) console.log(rawLines(result));
    if (values.record && !result.skipped && result.problems.length === 0) {
      const { fault } = await loadFault(code);
      saveRecording(result, { variants: Object.keys(fault.variants), differing: true });
    }
  }
  await closeBrowsers();
  return done;
}

interface Run {
  readonly code: string;
  readonly variant: string;
  readonly place: RunPlace;
}

async function allRuns(): Promise<Run[]> {
  const engines = parseEngines(values.engine ?? values.place);
  const runs: Run[] = [];
  for (const code of positionals.length > 0 ? positionals : allCodes()) {
    const { fault } = await loadFault(code);
    for (const [variant, details] of Object.entries(fault.variants)) {
      for (const place of placesOf(fault, details, engines)) runs.push({ code, variant, place });
    }
  }
  return runs.filter(
    ({ variant, place }) =>
      (values.variant === undefined || values.variant === variant) &&
      (values.place === undefined || values.place === place) &&
      // Asked for browsers by name: Node is none.
      (values.engine === undefined || (place !== 'node' && place !== 'react-native')),
  );
}

/** Neighbours go to different shards: the variants of one fault take equally long. */
function inShard(runs: readonly Run[]): readonly Run[] {
  const [part = 1, parts = 1] = values.shard.split('/').map(Number);
  if (!(part >= 1 && part <= parts)) throw new Error(`--shard takes a part and the number of parts, such as 1/4`);
  return runs.filter((_, index) => index % parts === part - 1);
}

function shardSuffix(): string {
  return values.shard === '1/1' ? '' : `-${values.shard.replace('/', '-of-')}`;
}

function write(path: string): void {
  // Sorted, because shards come one after the other.
  const sorted = [...entries].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'));
  const head = [...(values.title ? [`# ${values.title}`] : []), ...(values.note ? [values.note] : [])];
  const markdown = [...head, reportAsMarkdown(sorted)].join('\n\n');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, markdown);
  if (!values.merge) writeFileSync(path.replace(/\.md$/, '.json'), `${JSON.stringify(entries, null, 1)}\n`);
  console.log(entries.length > 1 ? `\n${markdown}` : reportTotals(entries));
}

function keyOf({ code, client, variant, place }: RunEntry): string {
  return [code, client, variant, place].join(' ');
}

function line({ code, variant, place, incidents, problems, tookMs, endedBy, skipped }: RunResult): string {
  const answers = incidents.map(({ diagnosis }) => `${diagnosis.certainty} ${diagnosis.code}`).join(', ') || '-';
  const verdict = skipped ? 'skip ' : problems.length === 0 ? 'ok   ' : 'WRONG';
  const columns = [code.padEnd(28), variant.padEnd(28), place.padEnd(13), `${tookMs} ms`.padStart(9), answers];
  return [
    verdict,
    ...columns,
    ...(problems.length > 0 ? [`<- ${problems.join('; ')}`] : []),
    endedBy === 'limit' ? '(limit)' : '',
    skipped ? `(${skipped})` : '',
  ].join(' ');
}

/** Each kind of event once, at its first time: retries look alike. */
function rawLines({ raw }: RunResult): string {
  const seen = new Map<string, number>();
  for (const { at, ...facts } of raw) {
    const text = JSON.stringify(facts);
    if (!facts.name.startsWith('reconnect_attempt') && !seen.has(text)) seen.set(text, at);
  }
  return [...seen].map(([text, at]) => `      ${at} ms ${text}`).join('\n');
}
