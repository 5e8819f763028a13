/** Where records are kept. Everything is asynchronous so that a store may also be a server. */
export interface Store {
  /**
   * Writes all batches in one transaction; resolves once they are on disk. The highest revision of an id wins. Rejects with a
   * `StoreFailure` when the store can write nothing at all.
   */
  write(batches: readonly ReceivedBatch[]): Promise<StoreChanges>;
  listIncidents(query: IncidentQuery): Promise<IncidentPage>;
  readIncident(id: string): Promise<StoredIncident | undefined>;
  rankCauses(scope: Scope): Promise<readonly CauseRank[]>;
  readCause(code: string, scope: Scope): Promise<CauseReport | undefined>;
  overview(scope: Scope): Promise<Overview>;
  facets(): Promise<Facets>;
  /** Rejects with a `StoreFailure` when the store cannot write at this moment; it really writes. */
  ping(): Promise<void>;
  /** What it takes on disk. */
  sizeBytes(): Promise<number>;
  readonly retention: RetentionStore;
  /** Everything that is stored, one envelope with one record per line. */
  exportLines(): Iterable<string>;
  close(): Promise<void>;
}

/** Deletes in steps that are small enough to run between two writes; each resolves with how many rows it deleted. */
export interface RetentionStore {
  deleteOlderThan(beforeMs: number, maxRows: number): Promise<number>;
  /** The oldest of what was received before. */
  deleteOldest(receivedBeforeMs: number, maxRows: number): Promise<number>;
  /** Without the space that deleted rows left behind. */
  usedBytes(): Promise<number>;
  /** Gives a part of that space back to the disk; false when there is nothing more to give. */
  releaseSpace(): Promise<boolean>;
}

export interface ReceivedBatch {
  readonly id: string;
  readonly receivedAtMs: number;
  /** Empty where the sender did not say. */
  readonly app: string;
  readonly release: string;
  readonly environment: string;
  /** The page load, worker or process that sent it. */
  readonly clientSessionId: string;
  readonly runtime: string;
  readonly engine: string;
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
  readonly app?: string;
  readonly release?: string;
  readonly environment?: string;
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
}

export interface StoredIncident {
  readonly receivedAtMs: number;
  /** JSON of the envelope's `sdk`, `app` and `session`. */
  readonly context: string;
  /** JSON of the record as it was received. */
  readonly record: string;
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
  readonly incidents: number;
  readonly open: number;
  readonly confirmed: number;
  readonly lastAtMs: number;
}

export interface CauseReport extends CauseRank {
  readonly firstAtMs: number;
  /** JSON of the newest incident's record: its diagnosis is what the explanation is about. */
  readonly newestRecord: string;
  readonly trend: readonly TrendPoint[];
  readonly by: Readonly<Record<'release' | 'engine' | 'transport' | 'host' | 'clientVersion', readonly Share[]>>;
}

export interface Share {
  /** Empty where it is not known. */
  readonly value: string;
  readonly incidents: number;
}

export interface TrendPoint {
  readonly atMs: number;
  readonly incidents: number;
}

export interface Overview {
  /** Weighted: a record kept at a sample rate of 0.1 stands for ten sessions. */
  readonly sessions: number;
  /** 0 to 1; absent without sessions. */
  readonly connectedShare?: number;
  /** Of those that wanted a WebSocket, how many got it; absent when none wanted one. */
  readonly upgradedShare?: number;
  readonly timeToConnectMs: { readonly p50?: number; readonly p75?: number; readonly p95?: number };
  readonly incidents: number;
  readonly openIncidents: number;
  readonly affectedSessions: number;
  /** Records that SDKs say they could not send, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly trend: readonly TrendPoint[];
  readonly bucketMs: number;
  /** Whether anything was ever stored. */
  readonly empty: boolean;
}

/** Every value there ever was, to filter by. */
export interface Facets {
  readonly apps: readonly string[];
  readonly releases: readonly string[];
  readonly environments: readonly string[];
  readonly codes: readonly string[];
}
