/**
 * The part of the wire format that the collector itself reads; everything else is stored as received. Deliberately looser than the SDK's
 * own types: records come from every SDK version in use.
 */
export interface WireEnvelope {
  readonly schema: string;
  readonly sdk: { readonly name: string; readonly version: string };
  readonly app?: { readonly name: string; readonly release?: string; readonly environment?: string };
  readonly session: {
    readonly id: string;
    readonly startedAt: string;
    readonly runtime: {
      readonly kind: string;
      readonly engine: string;
      readonly engineVersion?: string | undefined;
      readonly networkType?: string | undefined;
      readonly pageHost?: string;
    };
    readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  };
  readonly batch: string;
  readonly sentAt: string;
  readonly dropped: Readonly<Record<string, number>>;
  readonly records: readonly unknown[];
}

export interface WireIncident {
  readonly kind: 'incident';
  readonly id: string;
  readonly revision: number;
  readonly phase: string;
  readonly status: string;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly closedAt?: string;
  readonly failedAttempts: number;
  readonly transport?: string;
  readonly namespace: string;
  readonly settled: boolean;
  readonly diagnosis: WireDiagnosis;
  readonly history: readonly { readonly code: string; readonly certainty: string; readonly at: string }[];
  readonly timeline: WireTimeline;
}

export interface WireDiagnosis {
  readonly code: string;
  readonly title: string;
  readonly phase: string;
  readonly certainty: string;
  readonly severity: string;
  readonly fixedBy: string;
  readonly details: object;
  readonly evidence: readonly { readonly claim: string; readonly signal: string; readonly at: number }[];
  readonly alternatives: readonly { readonly code: string; readonly title: string }[];
  readonly docs: string;
}

export interface WireTimeline {
  readonly runtime: { readonly kind: string; readonly engine: string; readonly pageHost?: string };
  readonly client: { readonly major: number; readonly version: string; readonly protocol?: number };
  readonly target: {
    readonly secure: boolean;
    readonly host: string;
    readonly port: string;
    readonly path: string;
    readonly sameOrigin: boolean;
  };
  readonly options: object;
  readonly signals: readonly WireSignal[];
  readonly droppedSignals: number;
}

/** Further fields depend on `kind`, and a newer SDK may send kinds that are unknown here. */
export interface WireSignal {
  readonly kind: string;
  /** Milliseconds since the timeline began. */
  readonly at: number;
  readonly attempt: number;
}

export interface WireSession {
  readonly kind: 'session';
  readonly id: string;
  readonly revision: number;
  readonly namespace: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly connected: boolean;
  readonly timeToConnectMs?: number;
  readonly timeToUpgradeMs?: number;
  readonly transport?: string;
  readonly upgradeWanted: boolean;
  readonly reconnects: number;
  readonly failedAttempts: number;
  readonly connectedMs: number;
  readonly longestOutageMs: number;
  readonly incidents: number;
  readonly ended?: string;
  readonly client: { readonly major: number; readonly version: string; readonly protocol?: number };
  readonly weight: number;
}

/** A record of a kind that a newer minor version of the schema added. */
export interface WireOther {
  readonly kind: string;
  readonly id: string;
  readonly revision: number;
}
