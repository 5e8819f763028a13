import type { ProbeName, SignalKind } from '../signals/signal.js';
import type { Aspect, FailureScope } from '../signals/timeline.js';
import type { Facts } from './facts.js';

/** What it is about: no connection at all, a refused namespace, no WebSocket, a connection that ended, or a use that bites later. */
export type Phase = FailureScope['phase'];

/** Who can mend it. */
export type FixedBy = 'client' | 'server' | 'proxy' | 'network' | 'user';

export type Severity = 'error' | 'warning' | 'info';

/**
 * `confirmed`: what was seen excludes every look-alike in the catalogue. `suspected`: others stay possible, and they are listed.
 */
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
   * Orders suspicions: `likely` when something seen speaks for this cause in particular, `possible` (the default) when nothing
   * speaks against it.
   */
  readonly likelihood?: 'likely' | 'possible';
  /** Confirmed as a class: what stays possible inside it is still listed in `alternatives`. */
  readonly asClass?: true;
  /** The questions that are left for this verdict, where they are fewer or other than the rule's `needs`. */
  readonly ask?: readonly ProbeName[];
  readonly details: Details;
  readonly evidence: readonly Evidence[];
}

/** How often a cause stands behind the public reports that were read: what orders equally likely suspicions. */
export type Frequency = 'common' | 'occasional' | 'rare';

/** One cause of the catalogue: what identifies it, and a pure function of the facts that recognises it. */
export interface Rule<Code extends string = string, Details extends object = object> {
  /** Permanent kebab-case name of the failing state; also the name of the file, the fault, the recording and the anchor. */
  readonly code: Code;
  /** A short noun phrase or sentence without a full stop. */
  readonly title: string;
  readonly phase: Phase;
  readonly fixedBy: FixedBy;
  readonly severity: Severity;
  readonly frequency: Frequency;
  /** A mistake of the set-up: unlikely where the same address served a session before, and told last then. */
  readonly isSetup?: true;
  /** Told beside a failure or without one, as an incident of its own. */
  readonly aspect?: Aspect;
  /** First SDK version with this rule. */
  readonly since: string;
  /** Path and anchor on the Socket.IO site that explains it. */
  readonly docs: string;
  /** Probes that could raise this suspicion to a confirmation or clear it. */
  readonly needs: readonly ProbeName[];
  /** Causes that explain this one: where one of them is confirmed, this one is not told. */
  readonly yieldsTo: readonly string[];
  match(facts: Facts): Verdict<Details> | undefined;
}
