import type { ProbeName, SignalKind } from '../signals/signal.js';
import type { Aspect, FailureScope } from '../signals/timeline.js';
import type { Facts } from './facts.js';

/**
 * What it is about: no connection at all, a refused namespace, no WebSocket, a connection that ended, or a usage mistake that causes
 * trouble later.
 */
export type Phase = FailureScope['phase'];

/** Who can fix it. */
export type FixedBy = 'client' | 'server' | 'proxy' | 'network' | 'user';

export type Severity = 'error' | 'warning' | 'info';

/** `confirmed`: what was seen excludes every look-alike in the catalogue. `suspected`: other causes remain possible and are listed. */
export type Certainty = 'confirmed' | 'suspected';

export interface Evidence {
  /** A short sentence in the past tense that states the fact. */
  readonly claim: string;
  /** Kind of the signal that shows it. */
  readonly signal: SignalKind;
  /** Milliseconds since the timeline began. */
  readonly at: number;
}

export interface Verdict<Details extends object = object> {
  readonly certainty: Certainty;
  /**
   * Orders suspicions: `likely` if something that was seen points to this cause in particular, `possible` (the default) if nothing
   * contradicts it.
   */
  readonly likelihood?: 'likely' | 'possible';
  /** Confirmed as a class: what remains possible within it is still listed in `alternatives`. */
  readonly asClass?: true;
  /** The probes that are left for this verdict, if they are fewer than, or different from, the rule's `needs`. */
  readonly ask?: readonly ProbeName[];
  readonly details: Details;
  readonly evidence: readonly Evidence[];
}

/** How often a cause was behind the public reports that were read; orders equally likely suspicions. */
export type Frequency = 'common' | 'occasional' | 'rare';

/** One cause of the catalogue: what identifies it, and a pure function of the facts that recognizes it. */
export interface Rule<Code extends string = string, Details extends object = object> {
  /** Permanent kebab-case name of the failing state; also the name of the file, the fault, the recording and the anchor. */
  readonly code: Code;
  /** A short noun phrase, or a sentence without a full stop. */
  readonly title: string;
  readonly phase: Phase;
  readonly fixedBy: FixedBy;
  readonly severity: Severity;
  readonly frequency: Frequency;
  /** A setup mistake: unlikely if the same address has served a session before, and then listed last. */
  readonly isSetup?: true;
  /** Reported alongside a failure or without one, as an incident of its own. */
  readonly aspect?: Aspect;
  /** First SDK version with this rule. */
  readonly since: string;
  /** Path and anchor on the Socket.IO site that explains it. */
  readonly docs: string;
  /** Probes that could turn this suspicion into a confirmation or rule it out. */
  readonly needs: readonly ProbeName[];
  /** Causes that explain this one: if one of them is confirmed, this one is not reported. */
  readonly yieldsTo: readonly string[];
  match(facts: Facts): Verdict<Details> | undefined;
}
