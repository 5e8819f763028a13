/** How one wrapped socket has fared so far: the same id is sent again with a higher revision as it continues. */
export interface SessionSummary {
  /** UUID. */
  readonly id: string;
  /** Counts from 1; the store keeps the highest. */
  readonly revision: number;
  readonly namespace: string;
  /** ISO 8601, by the device's clock. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** Whether the socket has been connected at least once. */
  readonly connected: boolean;
  /** Milliseconds from the first attempt to the first `connect`. */
  readonly timeToConnectMs?: number;
  /** Milliseconds from the first handshake to the first upgrade. */
  readonly timeToUpgradeMs?: number;
  /** Engine.IO transport in use now or last. */
  readonly transport?: string;
  /** Whether an upgrade to WebSocket was offered and wanted. */
  readonly upgradeWanted: boolean;
  readonly reconnects: number;
  readonly failedAttempts: number;
  readonly connectedMs: number;
  readonly longestOutageMs: number;
  readonly incidents: number;
  /** Absent while it continues. */
  readonly ended?: 'app' | 'page' | 'disposed';
}
