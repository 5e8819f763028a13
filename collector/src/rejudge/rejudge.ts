import type { WireDiagnosis, WireIncident } from '../ingest/wire-records.js';
import type { JudgedIncident, NewAnswer, Rejudged, RejudgeStore } from '../stores/store.js';
import type { Judge } from './find-judge.js';
import { isNewer } from './is-newer.js';
import { isSameAnswer, judgeAsTold } from './judge-as-told.js';

export interface RejudgeOptions {
  readonly store: RejudgeStore;
  readonly judge: Judge;
  /** Only incidents with this cause. */
  readonly code?: string;
  /** Only those opened since then. */
  readonly sinceMs?: number;
  /** Whether to store the new diagnoses. */
  readonly apply: boolean;
}

export interface RejudgeReport {
  /** Incidents that were judged. */
  readonly incidents: number;
  /** Most incidents first. */
  readonly changes: readonly AnswerChange[];
  /** Incidents that keep their diagnosis because they cannot be judged here. */
  readonly kept: Readonly<Record<KeptReason, number>>;
  /** How many of the changed ones are now stored. */
  readonly applied: number;
  /** Incidents by the version of the SDK that sent them. */
  readonly sentBy: Readonly<Record<string, number>>;
}

export interface AnswerChange {
  readonly from: string;
  readonly to: string;
  readonly incidents: number;
  /** Id of one of them. */
  readonly example: string;
}

/**
 * `newer-sdk`: a later version judged it, by rules that are not here. `unreadable`: no SDK made this timeline. `no-answer`: no rule matches
 * it any more.
 */
export type KeptReason = 'newer-sdk' | 'unreadable' | 'no-answer';

/** Each comes with its whole record, up to 1 MiB. */
const PAGE = 20;
/** Anybody can put names into records: no more of them are counted individually. */
const MAX_NAMES = 1000;
const OTHERS = 'others';

/** Judges what is stored with the installed rules, page by page, alongside a running collector. */
export async function rejudge({ store, judge, apply, ...selection }: RejudgeOptions): Promise<RejudgeReport> {
  const changes = new Map<string, AnswerChange>();
  const sentBy = new Map<string, number>();
  const kept = { 'newer-sdk': 0, unreadable: 0, 'no-answer': 0 };
  let incidents = 0;
  let applied = 0;
  for (let after = ''; ; ) {
    const page = await store.page({ ...selection, after, limit: PAGE });
    const answers: NewAnswer[] = [];
    for (const incident of page) {
      incidents += 1;
      const version = sdkVersionOf(incident);
      count(sentBy, version);
      const outcome = judgeAgain(judge, incident, version);
      if (typeof outcome === 'string') kept[outcome] += 1;
      if (typeof outcome !== 'object') continue;
      note(changes, outcome.from, outcome.to, incident.id);
      answers.push(outcome.answer);
    }
    if (apply && answers.length > 0) applied += await store.apply(answers);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) break;
    after = last.id;
  }
  return {
    incidents,
    changes: [...changes.values()].sort((a, b) => b.incidents - a.incidents || (a.from < b.from ? -1 : 1)),
    kept,
    applied,
    sentBy: Object.fromEntries([...sentBy].sort(([, a], [, b]) => b - a)),
  };
}

interface Outcome {
  readonly from: string;
  readonly to: string;
  readonly answer: NewAnswer;
}

/** Undefined if the diagnosis is the current one. */
function judgeAgain(judge: Judge, incident: JudgedIncident, sdkVersion: string): Outcome | KeptReason | undefined {
  if (isNewer(sdkVersion, judge.version)) return 'newer-sdk';
  const record = JSON.parse(incident.record) as WireIncident;
  const rejudged = incident.rejudged === undefined ? undefined : (JSON.parse(incident.rejudged) as Rejudged);
  if (rejudged !== undefined && isNewer(rejudged.by, judge.version)) return 'newer-sdk';
  const current = (rejudged?.diagnosis as WireDiagnosis | undefined) ?? record.diagnosis;
  let diagnosis: WireDiagnosis | undefined;
  try {
    diagnosis = judgeAsTold(judge, record);
  } catch {
    return 'unreadable';
  }
  if (diagnosis === undefined) return 'no-answer';
  if (isSameAnswer(diagnosis, current)) return undefined;
  const { id, revision } = incident;
  const isOwn = isSameAnswer(diagnosis, record.diagnosis);
  const { code, title, certainty, severity, fixedBy } = isOwn ? record.diagnosis : diagnosis;
  const next: Rejudged = { by: judge.version, at: new Date().toISOString(), diagnosis };
  return {
    from: nameOf(current),
    to: nameOf(diagnosis),
    answer: {
      ...{ id, revision, code, title, certainty, severity, fixedBy },
      ...(!isOwn && { rejudged: JSON.stringify(next) }),
    },
  };
}

function note(changes: Map<string, AnswerChange>, from: string, to: string, example: string): void {
  const isKnown = changes.has(`${from} ${to}`) || changes.size < MAX_NAMES;
  const [shownFrom, shownTo] = isKnown ? [from, to] : [OTHERS, OTHERS];
  const key = `${shownFrom} ${shownTo}`;
  const known = changes.get(key) ?? { from: shownFrom, to: shownTo, incidents: 0, example };
  changes.set(key, { ...known, incidents: known.incidents + 1 });
}

function count(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < MAX_NAMES ? name : OTHERS;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function nameOf({ certainty, code }: WireDiagnosis): string {
  return `${certainty} ${code}`;
}

function sdkVersionOf({ context }: JudgedIncident): string {
  return (JSON.parse(context) as { sdk: { version: string } }).sdk.version;
}
