/** How far a database is on its way to the present version. */
export interface MigrationProgress {
  /** Of `ofRows`, which counts those that were deleted as well. */
  readonly rows: number;
  readonly ofRows: number;
}

/** Hears of a migration, often; nothing where there is none. */
export interface MigrationListener {
  onBegin(versions: { readonly from: number; readonly to: number }): void;
  onProgress(progress: MigrationProgress): void;
  onEnd(): void;
}
