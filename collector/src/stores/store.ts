/** Where records are kept. Everything is asynchronous so that a store may also be a server. */
export interface Store {
  /** How long a write waits for others to share it, and how many batches one takes. */
  readonly writes: { readonly gatherMs: number; readonly maxBatches: number };
  /**
   * Writes all batches, in one transaction where the store has them; resolves once they are on disk. The highest revision of an id wins.
   * Rejects with a `StoreFailure` when the store can write nothing at all; what it has stored until then is found when it comes again.
   */
  write(batches: readonly ReceivedBatch[]): Promise<StoreChanges>;
  listIncidents(query: IncidentQuery): Promise<IncidentPage>;
  readIncident(id: string): Promise<StoredIncident | undefined>;
  rankCauses(scope: Scope): Promise<readonly CauseRank[]>;
  readCause(code: string, scope: Scope): Promise<CauseReport | undefined>;
  overview(scope: Scope): Promise<Overview>;
  /** The releases that were first received last, newest first, at most 20; what says no release is left out. */
  compareReleases(scope: Scope): Promise<readonly ReleaseRow[]>;
  /** Everything of one page load, worker or process. */
  readSession(clientSessionId: string): Promise<StoredSession | undefined>;
  /** Causes that came for the first time in a release of an app, since then; oldest first. Retention does not forget them. */
  listFirstSeen(sinceReceivedMs: number): Promise<readonly FirstSeen[]>;
  facets(): Promise<Facets>;
  /** Rejects with a `StoreFailure` when the store cannot write at this moment; it really writes. */
  ping(): Promise<void>;
  /** What it takes on disk, where that can be told. */
  sizeBytes(): Promise<number | undefined>;
  /** Absent where the database itself deletes what is old. */
  readonly retention?: RetentionStore;
  /** For a store that several collectors share: each call of what it returns resolves with what any of them stored since the call before. */
  followChanges?(): () => Promise<StoreChanges>;
  readonly rejudging: RejudgeStore;
  readonly state: StateStore;
  /** Everything that is stored, one envelope with one record per line. */
  exportLines(): Iterable<string> | AsyncIterable<string>;
  close(): Promise<void>;
}

/** Deletes in steps that are small enough to run between two writes; each resolves with how many rows it deleted. */
export interface RetentionStore {
  deleteOlderThan(beforeMs: number, maxRows: number): Promise<number>;
  /** The oldest of what was received before. */
  deleteOldest(receivedBeforeMs: number, maxRows: number): Promise<number>;
  /** When the record came that was new last; undefined where there is none. */
  newestReceivedMs(): Promise<number | undefined>;
  /** Without the space that deleted rows left behind. */
  usedBytes(): Promise<number>;
  /** Gives a part of that space back to the disk; false when there is nothing more to give. */
  releaseSpace(): Promise<boolean>;
}

/** What `rejudge` needs. A record stays as it was received; a newer answer lies beside it, and questions count by that. */
export interface RejudgeStore {
  /** Incidents in the order of their ids, those behind `after`. What comes meanwhile may be left out. */
  page(query: RejudgeQuery): Promise<readonly JudgedIncident[]>;
  /**
   * Puts each answer beside its record, only while that very revision is the one that is stored; resolves with how many it were. From then
   * on `code`, `title`, `certainty`, `severity` and `fixedBy` are the answer's wherever incidents are listed, filtered, searched or counted.
   * A later revision from the field takes the place of record and answer; an older one that is sent again changes neither.
   */
  apply(answers: readonly NewAnswer[]): Promise<number>;
}

export interface RejudgeQuery {
  /** Absent: from the beginning. */
  readonly after?: string;
  /** Each comes with its whole record: keep it small. */
  readonly limit: number;
  /** That they have now. */
  readonly code?: string;
  /** Opened since then. */
  readonly sinceMs?: number;
}

export interface JudgedIncident {
  readonly id: string;
  readonly revision: number;
  /** JSON of the envelope's `sdk`, `app` and `session`. */
  readonly context: string;
  /** JSON of the record as it was received. */
  readonly record: string;
  /** JSON of a `Rejudged`; absent while the record's own answer counts. */
  readonly rejudged?: string;
}

export interface NewAnswer {
  readonly id: string;
  readonly revision: number;
  readonly code: string;
  readonly title: string;
  readonly certainty: string;
  readonly severity: string;
  readonly fixedBy: string;
  /** JSON of a `Rejudged`; absent where the record's own answer is to count again. */
  readonly rejudged?: string;
}

/** A newer answer, as it lies beside a record. */
export interface Rejudged {
  /** Version of the rules. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Like the record's own. */
  readonly diagnosis: object;
}

/** Small texts of the collector itself, by name; each is on disk once `write` resolves, and the last one that was written counts. */
export interface StateStore {
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
  /**
   * Whether `holder` has what only one of those that share the store may have, now and for so long: it had it already, or nobody has it any
   * more. Of several that ask at the same moment one gets it.
   */
  claim(name: string, holder: string, forMs: number): Promise<boolean>;
  /** Gives it back before its time is over; nothing where it is another's. */
  release(name: string, holder: string): Promise<void>;
}

export interface ReceivedBatch {
  readonly id: string;
  readonly receivedAtMs: number;
  /** What was added to the times of its records because the clock of the device was off; 0 for most. */
  readonly correctionMs: number;
  /** Empty where the sender did not say. */
  readonly app: string;
  readonly release: string;
  readonly environment: string;
  /** The page load, worker or process that sent it. */
  readonly clientSessionId: string;
  readonly runtime: string;
  readonly engine: string;
  /** Its major version, such as "131". */
  readonly engineVersion: string;
  /** As the browser says it: "wifi", "cellular", "ethernet", "4g". */
  readonly networkType: string;
  /** JSON of the envelope's `sdk`, `app` and `session`. */
  readonly context: string;
  readonly dropped: Readonly<Record<string, number>>;
  readonly incidents: readonly NewIncident[];
  readonly sessions: readonly NewSession[];
  readonly others: readonly NewRecord[];
}

export interface NewRecord {
  readonly kind: string;
  readonly id: string;
  readonly revision: number;
  /** The record's JSON as it was received. */
  readonly text: string;
}

/** Times are Unix milliseconds, put right when the clock of the device was off. */
export interface NewIncident extends NewRecord {
  readonly code: string;
  readonly title: string;
  readonly phase: string;
  readonly status: string;
  readonly certainty: string;
  readonly severity: string;
  readonly fixedBy: string;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | null;
  readonly failedAttempts: number;
  readonly transport: string;
  readonly namespace: string;
  readonly host: string;
  readonly clientVersion: string;
}

export interface NewSession extends NewRecord {
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  readonly connected: boolean;
  /** Never connected, and an attempt failed or something was diagnosed; false for one that was over before any of that. */
  readonly failed: boolean;
  readonly timeToConnectMs: number | null;
  readonly timeToUpgradeMs: number | null;
  readonly transport: string;
  readonly upgradeWanted: boolean;
  readonly weight: number;
  readonly clientVersion: string;
}

/** What a write changed; records that were already stored are not in it. */
export interface StoreChanges {
  readonly incidentIds: readonly string[];
  readonly sessions: number;
  readonly others: number;
}

/** Which part of the data a question is about; an absent field means all. */
export interface Scope {
  readonly sinceMs?: number;
  /** Exclusive. */
  readonly untilMs?: number;
  readonly app?: string;
  readonly release?: string;
  readonly environment?: string;
  readonly engine?: string;
  readonly networkType?: string;
}

export interface IncidentQuery extends Scope {
  readonly code?: string;
  readonly status?: string;
  /** Found in code, title, host, namespace, app, release or session id, in any case. */
  readonly search?: string;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface IncidentPage {
  /** Newest first. */
  readonly incidents: readonly IncidentRow[];
  readonly next?: string;
}

export interface IncidentRow {
  readonly id: string;
  readonly revision: number;
  readonly code: string;
  readonly title: string;
  readonly phase: string;
  readonly status: string;
  readonly certainty: string;
  readonly severity: string;
  readonly fixedBy: string;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | null;
  readonly failedAttempts: number;
  readonly transport: string;
  readonly namespace: string;
  readonly host: string;
  readonly app: string;
  readonly release: string;
  readonly environment: string;
  readonly runtime: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly networkType: string;
  readonly clientSessionId: string;
  readonly clientVersion: string;
  readonly receivedAtMs: number;
}

export interface StoredIncident {
  readonly receivedAtMs: number;
  /** JSON of the envelope's `sdk`, `app` and `session`. */
  readonly context: string;
  /** JSON of the record as it was received. */
  readonly record: string;
  /** JSON of a `Rejudged`: what newer rules say, and what lists and counts go by; absent while the record's own answer counts. */
  readonly rejudged?: string;
}

export interface StoredSession {
  /** JSON of the envelope's `sdk`, `app` and `session`, as it came last. */
  readonly context: string;
  /** JSON of its session records, one for each socket, as they were received; oldest first. */
  readonly records: readonly string[];
  /** Oldest first, at most 200. */
  readonly incidents: readonly IncidentRow[];
}

export interface FirstSeen {
  readonly app: string;
  readonly environment: string;
  readonly release: string;
  readonly code: string;
  readonly firstReceivedAtMs: number;
}

export interface CauseRank {
  readonly code: string;
  /** As the newest incident has it. */
  readonly title: string;
  readonly phase: string;
  readonly fixedBy: string;
  readonly severity: string;
  /** Sessions with at least one incident of this cause. */
  readonly sessions: number;
  /** The same in the time before, which `Overview.previous` is about; absent when the scope has no beginning. */
  readonly previousSessions?: number;
  readonly incidents: number;
  readonly open: number;
  readonly confirmed: number;
  readonly lastAtMs: number;
  /** Of the apps in the scope, the release that had it first of all, in whatever period; absent where no app says its release. */
  readonly firstRelease?: { readonly app: string; readonly release: string; readonly receivedAtMs: number };
  /** Incidents in each of the buckets of `Overview.trend`. */
  readonly trend: readonly number[];
}

export interface CauseReport extends Omit<CauseRank, 'trend'> {
  readonly firstAtMs: number;
  /** JSON of the newest incident's record, with the newer answer where there is one: its diagnosis is what the explanation is about. */
  readonly newestRecord: string;
  readonly trend: readonly TrendPoint[];
  readonly bucketMs: number;
  readonly by: Readonly<Record<CauseDimension, readonly Share[]>>;
}

export type CauseDimension =
  | 'release'
  | 'engine'
  | 'engineVersion'
  | 'networkType'
  | 'transport'
  | 'host'
  | 'clientVersion';

/** At most 8 of a dimension, most incidents first. */
export interface Share {
  /** Empty where it is not known; an engine's version comes behind its name: `chromium 131`. */
  readonly value: string;
  readonly incidents: number;
  /** With at least one of these incidents. */
  readonly sessions: number;
}

export interface TrendPoint {
  readonly atMs: number;
  readonly incidents: number;
}

export interface Percentiles {
  readonly p50?: number;
  readonly p75?: number;
  readonly p95?: number;
}

/** Incidents per 1,000 sessions are `incidents / sessions * 1000`. */
export interface Headline {
  /** Weighted: a record kept at a sample rate of 0.1 stands for ten sessions. */
  readonly sessions: number;
  /** 0 to 1; absent without sessions. */
  readonly connectedShare?: number;
  /** Never connected although an attempt failed or something was diagnosed. The rest, neither this nor connected, was over before that. */
  readonly failedShare?: number;
  /** Of those that wanted a WebSocket, how many got it; absent when none wanted one. */
  readonly upgradedShare?: number;
  readonly timeToConnectMs: Percentiles;
  readonly incidents: number;
  readonly openIncidents: number;
  /** Page loads, workers or processes with at least one incident. */
  readonly affectedSessions: number;
}

export interface Overview extends Headline {
  /** The same length of time before; absent when the scope has no beginning. */
  readonly previous?: Headline;
  /** From the beginning of the scope, or of the data, to its end or now, without gaps. */
  readonly trend: readonly OverviewPoint[];
  readonly bucketMs: number;
  /** Where it goes worse than elsewhere: at most 8 of each, most sessions first. */
  readonly by: Readonly<Record<SegmentDimension, readonly Segment[]>>;
  /** Records that SDKs say they could not send, by reason; only the app, release and environment of the scope tell them apart. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Releases that were first received within the scope, oldest first, at most the newest 12; not the first of an app. */
  readonly releaseStarts: readonly ReleaseStart[];
  /** Whether anything was ever stored. */
  readonly empty: boolean;
}

export interface OverviewPoint extends TrendPoint, Pick<Headline, 'connectedShare' | 'failedShare' | 'upgradedShare'> {
  readonly sessions: number;
  readonly timeToConnectMs: Percentiles;
}

export type SegmentDimension = 'engine' | 'engineVersion' | 'networkType' | 'release';

/** Sessions of one browser engine, version of it, network type or release. */
export interface Segment
  extends Pick<Headline, 'sessions' | 'connectedShare' | 'failedShare' | 'incidents' | 'affectedSessions'> {
  /** Empty where it is not known; an engine's version comes behind its name, which stands alone where no version is known. */
  readonly value: string;
}

export interface ReleaseStart {
  readonly app: string;
  readonly release: string;
  /** When its first record came. */
  readonly firstAtMs: number;
}

export interface ReleaseRow extends Headline, ReleaseStart {
  /** The 5 that hit the most sessions. */
  readonly causes: readonly ReleaseCause[];
}

export interface ReleaseCause {
  readonly code: string;
  readonly title: string;
  readonly sessions: number;
  /** There are earlier releases of this app, and none of them had it. */
  readonly isNew: boolean;
}

/** Every value there ever was, to filter by. */
export interface Facets {
  readonly apps: readonly string[];
  readonly releases: readonly string[];
  readonly environments: readonly string[];
  readonly engines: readonly string[];
  readonly networkTypes: readonly string[];
  readonly codes: readonly string[];
}
