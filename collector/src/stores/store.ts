/** Where records are kept. Everything is asynchronous so that a store may also be a server. */
export interface Store {
  /** How long a write waits for others to share it, and how many batches one takes. */
  readonly writes: { readonly gatherMs: number; readonly maxBatches: number };
  /**
   * Writes all batches, in one transaction if the store has them; resolves once they are on disk. The highest revision of an id wins.
   * Rejects with a `StoreFailure` if the store can write nothing at all; what it had stored until then is recognized when it is sent again.
   */
  write(batches: readonly ReceivedBatch[]): Promise<StoreChanges>;
  listIncidents(query: IncidentQuery): Promise<IncidentPage>;
  readIncident(id: string): Promise<StoredIncident | undefined>;
  rankCauses(scope: Scope): Promise<readonly CauseRank[]>;
  readCause(code: string, scope: Scope): Promise<CauseReport | undefined>;
  overview(scope: Scope): Promise<Overview>;
  /** The releases that were first received most recently, newest first, at most 20; records without a release are left out. */
  compareReleases(scope: Scope): Promise<readonly ReleaseRow[]>;
  /** Everything of one page load, worker or process. */
  readSession(clientSessionId: string): Promise<StoredSession | undefined>;
  /** Causes that first appeared in a release of an app since then, oldest first. Retention does not forget them. */
  listFirstSeen(sinceReceivedMs: number): Promise<readonly FirstSeen[]>;
  facets(): Promise<Facets>;
  /** Rejects with a `StoreFailure` if the store cannot write at the moment; it actually writes. */
  ping(): Promise<void>;
  /** Its size on disk, if known. */
  sizeBytes(): Promise<number | undefined>;
  /** Absent if the database itself deletes old records. */
  readonly retention?: RetentionStore;
  /**
   * For a store that several collectors share: each call of the returned function resolves with what any of them has stored since the
   * previous call.
   */
  followChanges?(): () => Promise<StoreChanges>;
  readonly rejudging: RejudgeStore;
  readonly state: StateStore;
  /** Everything that is stored, one envelope with one record per line. */
  exportLines(): Iterable<string> | AsyncIterable<string>;
  close(): Promise<void>;
}

/** Deletes in steps small enough to run between two writes; each resolves with the number of rows deleted. */
export interface RetentionStore {
  deleteOlderThan(beforeMs: number, maxRows: number): Promise<number>;
  /** The oldest of what was received before. */
  deleteOldest(receivedBeforeMs: number, maxRows: number): Promise<number>;
  /** When the newest record was received; undefined if there is none. */
  newestReceivedMs(): Promise<number | undefined>;
  /** Without the space that deleted rows left behind. */
  usedBytes(): Promise<number>;
  /** Returns a part of that space to the disk; false if there is nothing more to return. */
  releaseSpace(): Promise<boolean>;
}

/** What `rejudge` needs. A record stays as received; a newer diagnosis is stored next to it, and queries use that. */
export interface RejudgeStore {
  /** Incidents in the order of their ids, starting after `after`. Incidents that arrive meanwhile may be left out. */
  page(query: RejudgeQuery): Promise<readonly JudgedIncident[]>;
  /**
   * Stores each diagnosis next to its record, only while exactly that revision is the stored one; resolves with their number. From then on
   * `code`, `title`, `certainty`, `severity` and `fixedBy` are those of the diagnosis wherever incidents are listed, filtered, searched or
   * counted. A later revision from the field replaces record and diagnosis; an older one that is sent again changes neither.
   */
  apply(answers: readonly NewAnswer[]): Promise<number>;
}

export interface RejudgeQuery {
  /** Absent: from the beginning. */
  readonly after?: string;
  /** Each comes with its whole record: keep this small. */
  readonly limit: number;
  /** The code that they have now. */
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
  /** JSON of a `Rejudged`; absent while the record's own diagnosis counts. */
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
  /** JSON of a `Rejudged`; absent if the record's own diagnosis is to count again. */
  readonly rejudged?: string;
}

/** A newer diagnosis, as stored next to a record. */
export interface Rejudged {
  /** Version of the rules. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Like the record's own. */
  readonly diagnosis: object;
}

/** Small texts of the collector itself, by name; each is on disk once `write` resolves, and the last one written counts. */
export interface StateStore {
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
  /**
   * Whether `holder` now holds, for this long, what only one of those that share the store may hold: it already held it, or nobody does any
   * more. Of several that ask at the same moment, one gets it.
   */
  claim(name: string, holder: string, forMs: number): Promise<boolean>;
  /** Gives it back early; does nothing if somebody else holds it. */
  release(name: string, holder: string): Promise<void>;
}

export interface ReceivedBatch {
  readonly id: string;
  readonly receivedAtMs: number;
  /** What was added to the times of its records because the device's clock was off; 0 for most. */
  readonly correctionMs: number;
  /** Empty if the sender did not say. */
  readonly app: string;
  readonly release: string;
  readonly environment: string;
  /** The page load, worker or process that sent it. */
  readonly clientSessionId: string;
  readonly runtime: string;
  readonly engine: string;
  /** Its major version, such as "131". */
  readonly engineVersion: string;
  /** As reported by the browser: "wifi", "cellular", "ethernet", "4g". */
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

/** Times are Unix milliseconds, corrected if the device's clock was off. */
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
  /** Never connected, and an attempt failed or something was diagnosed; false if it was over before any of that. */
  readonly failed: boolean;
  readonly timeToConnectMs: number | null;
  readonly timeToUpgradeMs: number | null;
  readonly transport: string;
  readonly upgradeWanted: boolean;
  readonly weight: number;
  readonly clientVersion: string;
}

/** What a write changed, without records that were already stored. */
export interface StoreChanges {
  readonly incidentIds: readonly string[];
  readonly sessions: number;
  readonly others: number;
}

/** Which part of the data a query is about; an absent field means all. */
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
  /** `next` of the previous page. */
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
  /** JSON of a `Rejudged`: what newer rules say, and what lists and counts use; absent while the record's own diagnosis counts. */
  readonly rejudged?: string;
}

export interface StoredSession {
  /** JSON of the envelope's `sdk`, `app` and `session`, as last received. */
  readonly context: string;
  /** JSON of its session records, one for each socket, as received; oldest first. */
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
  /** The same in the previous period (see `Overview.previous`); absent if the scope has no beginning. */
  readonly previousSessions?: number;
  readonly incidents: number;
  readonly open: number;
  readonly confirmed: number;
  readonly lastAtMs: number;
  /** Of the apps in the scope, the very first release that had it, in whatever period; absent if no app reports its release. */
  readonly firstRelease?: { readonly app: string; readonly release: string; readonly receivedAtMs: number };
  /** Incidents in each of the buckets of `Overview.trend`. */
  readonly trend: readonly number[];
}

export interface CauseReport extends Omit<CauseRank, 'trend'> {
  readonly firstAtMs: number;
  /** JSON of the newest incident's record, with the newer diagnosis if there is one: the explanation is about that diagnosis. */
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
  /** Empty if unknown; an engine's version follows its name: `chromium 131`. */
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
  /** The share that upgraded, of those that wanted a WebSocket; absent if none wanted one. */
  readonly upgradedShare?: number;
  readonly timeToConnectMs: Percentiles;
  readonly incidents: number;
  readonly openIncidents: number;
  /** Page loads, workers or processes with at least one incident. */
  readonly affectedSessions: number;
}

export interface Overview extends Headline {
  /** The period of the same length before; absent if the scope has no beginning. */
  readonly previous?: Headline;
  /** From the beginning of the scope, or of the data, to its end or now, without gaps. */
  readonly trend: readonly OverviewPoint[];
  readonly bucketMs: number;
  /** Where things are worse than elsewhere: at most 8 of each, most sessions first. */
  readonly by: Readonly<Record<SegmentDimension, readonly Segment[]>>;
  /** Records that SDKs report they could not send, by reason; only the app, release and environment of the scope apply to them. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Releases that were first received within the scope, oldest first, at most the newest 12; an app's first release is left out. */
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
  /** Empty if unknown; an engine's version follows its name, which stands alone if no version is known. */
  readonly value: string;
}

export interface ReleaseStart {
  readonly app: string;
  readonly release: string;
  /** When its first record came. */
  readonly firstAtMs: number;
}

export interface ReleaseRow extends Headline, ReleaseStart {
  /** The 5 that affect the most sessions. */
  readonly causes: readonly ReleaseCause[];
}

export interface ReleaseCause {
  readonly code: string;
  readonly title: string;
  readonly sessions: number;
  /** There are earlier releases of this app, and none of them had it. */
  readonly isNew: boolean;
}

/** Every value that ever occurred, for filters. */
export interface Facets {
  readonly apps: readonly string[];
  readonly releases: readonly string[];
  readonly environments: readonly string[];
  readonly engines: readonly string[];
  readonly networkTypes: readonly string[];
  readonly codes: readonly string[];
}
