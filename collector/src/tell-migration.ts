import type { CollectorLogger } from './collector-logger.js';
import type { MigrationListener } from './stores/migration-progress.js';

/** Whoever looks at a log asks after a few seconds whether anything goes on. */
const EVERY_MS = 3000;

export interface MigrationTeller extends MigrationListener {
  /** How far it is; undefined where none runs. */
  readonly sentence: string | undefined;
}

/** Tells how far a migration is, every few seconds. */
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
        `The database is of version ${from} and is brought to version ${to}. Until then no records are taken and no questions answered; if it is ended before, the database is as it was, and the next start begins anew.`,
      );
    },
    onProgress({ rows, ofRows }) {
      const elapsedMs = now() - beganMs;
      if (now() - toldMs < EVERY_MS && (rows < ofRows || elapsedMs < EVERY_MS)) return;
      const done = `Brought ${count(rows)} of ${count(ofRows)} rows to version ${version} in ${seconds(elapsedMs)};`;
      if (rows === 0) tell(`${done} it has just begun.`);
      else if (rows < ofRows) tell(`${done} about ${seconds((elapsedMs * (ofRows - rows)) / rows)} to go.`);
      else tell(`${done} what is left is counting and writing to disk.`);
    },
    onEnd() {
      tell(`The database is of version ${version} now, after ${seconds(now() - beganMs)}.`);
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
