/** How far the migration of a database to the current version has got. */
export interface MigrationProgress {
  /** Of `ofRows`, which also counts deleted rows. */
  readonly rows: number;
  readonly ofRows: number;
}

/** Notified often of a migration; never if there is none. */
export interface MigrationListener {
  onBegin(versions: { readonly from: number; readonly to: number }): void;
  onProgress(progress: MigrationProgress): void;
  onEnd(): void;
}
