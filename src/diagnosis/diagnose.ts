import type { ProbeName } from '../signals/signal.js';
import type { AnyDiagnosis } from './diagnosis.js';
import { createFacts, type Facts } from './facts.js';
import { hiddenPosts } from './hidden-posts.js';
import type { Certainty, Frequency, Rule, Verdict } from './rule.js';
import { toDiagnosis } from './to-diagnosis.js';

/** A rule that matches, with its verdict. */
export interface Match {
  readonly rule: Rule;
  readonly verdict: Verdict;
}

/** The probes worth sending, in this order: each one separates more look-alikes than the next. */
const PROBE_ORDER: readonly ProbeName[] = [
  // Asks the browser, not the network.
  'local-network-permission',
  // Needed by one cause only, and it uses the whole budget.
  'session',
  'websocket-handshake',
  'http-reachable',
  'http-handshake',
  'unknown-transport',
  'websocket-other-protocol',
  'http-other-protocol',
  'websocket-again',
  'http-credentials',
  'http-headers',
  'http-root',
  'swapped-scheme',
  'other-path',
  'unused-path',
  'session-upgrade',
  // Needed only if a session opens and its namespace does not.
  'namespace-connect',
];

const CERTAINTY_ORDER: readonly Certainty[] = ['confirmed', 'suspected'];
const FREQUENCY_ORDER: readonly Frequency[] = ['common', 'occasional', 'rare'];

/**
 * All rules that match, best first: confirmed ones, then those that something speaks for, then by how often a cause is behind such reports
 * in the field. A cause that another one explains is left out. A rule that throws does not match.
 */
export function matchRules(facts: Facts, rules: readonly Rule[]): Match[] {
  const matches = matchAll(facts, rules);
  const { about, during, connecting } = facts;
  if (matches[0]?.verdict.certainty === 'confirmed' || about.phase !== 'connect' || about.aspect) return matches;
  const isOver = during('connected').length > 0;
  // This is what it looks like when our probes exclude everything that an unexplained failure allows: the client may wait for seconds
  // before it tries again.
  if (!isOver && !(connecting?.blind && matches.length === 0)) return matches;
  // It works by now, so no probe can find what was broken: what was seen then remains possible, whatever the results since.
  const seen = createFacts({ ...facts, signals: facts.signals.filter(({ kind }) => kind !== 'probe') });
  // If only our own probes say that it works, nothing was reconfigured since: a setup mistake does not go away by itself.
  const others = matchAll(seen, rules).filter(
    ({ rule }) => !matches.some((match) => match.rule === rule) && (isOver || !rule.isSetup),
  );
  const open = others.map(({ rule, verdict: { asClass: _, ...verdict } }) => ({
    rule,
    verdict: { ...verdict, certainty: 'suspected' as const, ask: [] },
  }));
  return [...matches, ...open];
}

function matchAll(facts: Facts, rules: readonly Rule[]): Match[] {
  const matches: Match[] = [];
  const { phase, check } = facts.about;
  for (const rule of rules) {
    // A usage mistake explains no failure, and no failure explains a usage mistake; what is reported alongside a failure does not explain
    // it either.
    if (rule.aspect !== facts.about.aspect) continue;
    if ((rule.phase === 'usage') !== (phase === 'usage') || (check !== undefined && rule.code !== check)) continue;
    try {
      const verdict = rule.match(facts);
      if (verdict) matches.push({ rule, verdict });
    } catch {
      // One broken rule must not prevent the verdicts of the others.
    }
  }
  // Before or after: a setup mistake neither appears nor disappears by itself.
  const { about, all, closing, connecting } = facts;
  const isHandshakeGone = connecting !== undefined && !connecting.handshake && all('handshake').length > 0;
  const hasConnected =
    closing?.hadConnected === true || (about.phase === 'connect' && (all('connected').length > 0 || isHandshakeGone));
  // A session that connects but does not survive its first POST was not served.
  const wasServed = hasConnected && !hiddenPosts(facts);
  return matches.filter((match) => !isExplained(match, matches)).sort((a, b) => compare(a, b, wasServed));
}

/** The diagnosis in the words of the catalogue: the best match, with the others as alternatives while nothing is confirmed. */
export function diagnose(facts: Facts, rules: readonly Rule[], fallback: Rule): AnyDiagnosis | undefined {
  return answer(facts, matchRules(facts, rules), fallback);
}

/** The same, from rules that were already matched. */
export function answer(facts: Facts, matches: readonly Match[], fallback: Rule): AnyDiagnosis | undefined {
  const [best, ...others] = matches;
  if (best) {
    const isAlone = best.verdict.certainty === 'confirmed' && !best.verdict.asClass;
    return toDiagnosis(best.rule, best.verdict, isAlone ? [] : others.map(({ rule }) => rule));
  }
  const verdict = facts.about.phase === 'usage' ? undefined : fallback.match(facts);
  return verdict && toDiagnosis(fallback, verdict, []);
}

/** The next probe whose result could change the diagnosis; undefined if there is none left. */
export function nextProbe(
  matches: readonly Match[],
  asked: ReadonlySet<ProbeName>,
  isPossible: (name: ProbeName) => boolean,
): ProbeName | undefined {
  if (matches[0]?.verdict.certainty === 'confirmed') return undefined;
  const isWanted = (name: ProbeName) => matches.some(({ rule, verdict }) => (verdict.ask ?? rule.needs).includes(name));
  const isLeft = (name: ProbeName) => !asked.has(name) && isPossible(name);
  // What the best guess lacks by its own word may end the round.
  const own = matches[0]?.verdict.ask;
  return (
    PROBE_ORDER.find((name) => own?.includes(name) && isLeft(name)) ??
    PROBE_ORDER.find((name) => isWanted(name) && isLeft(name))
  );
}

function isExplained(match: Match, matches: readonly Match[]): boolean {
  return matches.some(
    (other) => other.verdict.certainty === 'confirmed' && match.rule.yieldsTo.includes(other.rule.code),
  );
}

function compare(a: Match, b: Match, wasServed: boolean): number {
  const isLast = ({ rule }: Match) => Number(wasServed && rule.isSetup === true);
  return (
    CERTAINTY_ORDER.indexOf(a.verdict.certainty) - CERTAINTY_ORDER.indexOf(b.verdict.certainty) ||
    isLast(a) - isLast(b) ||
    Number(b.verdict.likelihood === 'likely') - Number(a.verdict.likelihood === 'likely') ||
    FREQUENCY_ORDER.indexOf(a.rule.frequency) - FREQUENCY_ORDER.indexOf(b.rule.frequency) ||
    (a.rule.code < b.rule.code ? -1 : 1)
  );
}
