import type { CollectorLogger } from './collector-logger.js';
import type { MigrationListener } from './stores/migration-progress.js';

/** After a few seconds without a line, people who watch a log wonder whether anything is happening. */
const EVERY_MS = 3000;

export interface MigrationTeller extends MigrationListener {
  /** How far it has got; undefined when none is running. */
  readonly sentence: string | undefined;
}

/** Logs the progress of a migration every few seconds. */
export function tellMigration(logger: CollectorLogger, now: () => number = () => performance.now()): MigrationTeller {
  let beganMs = 0;
  let toldMs = 0;
  let version = 0;
  let sentence: string | undefined;
  const tell = (text: string) => {
    toldMs = now();
    sentence = text;
    logger.info(text);
  };
  return {
    get sentence() {
      return sentence;
    },
    onBegin({ from, to }) {
      beganMs = now();
      version = to;
      tell(
        `The database is at version ${from} and is being migrated to version ${to}. Until that is done, no records are accepted and no queries answered. If the process is stopped before, the database stays as it was, and the next start begins again.`,
      );
    },
    onProgress({ rows, ofRows }) {
      const elapsedMs = now() - beganMs;
      if (now() - toldMs < EVERY_MS && (rows < ofRows || elapsedMs < EVERY_MS)) return;
      const done = `Migrated ${count(rows)} of ${count(ofRows)} rows to version ${version} in ${seconds(elapsedMs)};`;
      if (rows === 0) tell(`${done} it has just started.`);
      else if (rows < ofRows) tell(`${done} about ${seconds((elapsedMs * (ofRows - rows)) / rows)} to go.`);
      else tell(`${done} only counting and writing to disk remain.`);
    },
    onEnd() {
      tell(`The database is now at version ${version}, after ${seconds(now() - beganMs)}.`);
      sentence = undefined;
    },
  };
}

function count(rows: number): string {
  return rows.toLocaleString('en');
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000));
  if (whole >= 120) return `${Math.round(whole / 60)} minutes`;
  return whole === 1 ? 'a second' : `${whole} seconds`;
}
