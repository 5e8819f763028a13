#!/usr/bin/env node
import { resolve } from 'node:path';
import { CollectorError } from './collector-error.js';
import { collectorVersion } from './collector-version.js';
import { HELP } from './help-text.js';
import { parseCommandLine } from './parse-command-line.js';
import { rejudgeData } from './rejudge/rejudge-data.js';
import { type Collector, DEFAULT_DATA, startCollector } from './start-collector.js';
import { parseClickHouseAddress } from './stores/clickhouse/parse-clickhouse-address.js';
import { tellMigration } from './tell-migration.js';
import { exportTo, importFrom } from './transfer.js';

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  if (command.name === 'help') {
    process.stdout.write(HELP);
    return;
  }
  if (command.name === 'version') {
    process.stdout.write(`${collectorVersion}\n`);
    return;
  }
  if (command.name === 'migrate') {
    const { migrateClickHouse } = await import('./stores/clickhouse/migrate-clickhouse.js');
    const applied = await migrateClickHouse(parseClickHouseAddress(command.store));
    process.stdout.write(applied.length === 0 ? 'Nothing to migrate\n' : `Applied ${applied.join(', ')}\n`);
    return;
  }
  // What they print may go into a pipe.
  const toErrors = (line: string) => void process.stderr.write(`${line}\n`);
  const beside = { migration: tellMigration({ info: toErrors, error: toErrors }) };
  if (command.name === 'export') {
    // Not among the lines, if those go to standard output.
    const { file } = command;
    const lines = await exportTo(file, command.place, beside);
    (file === '-' ? process.stderr : process.stdout).write(`Exported ${lines} lines to ${file}\n`);
    return;
  }
  if (command.name === 'import') {
    const { records, duplicates, refused } = await importFrom(command.file, command.place, beside);
    process.stdout.write(`Imported ${records} records, ${duplicates} of which were already there\n`);
    for (const sentence of refused) process.stderr.write(`${sentence}\n`);
    if (refused.length > 0) process.exitCode = 1;
    return;
  }
  if (command.name === 'rejudge') {
    process.stdout.write(await rejudgeData(process.cwd(), command, beside));
    return;
  }
  // The reader of the log may end first, for example at the same Ctrl-C: that must not cut off requests in flight.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const { store, data } = command.options;
  let collector: Collector | undefined;
  const stop = () => {
    // A migration may take minutes. In a container, where this is process 1, the signal would have no effect by default.
    if (collector === undefined) {
      process.stdout.write('Stopped before it was up; the data is unchanged.\n');
      process.exit();
    }
    // A second signal ends the process at once, as it would without this handler.
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.stdout.write('Finishing the requests in flight; a second signal stops at once.\n');
    // Exits here rather than by itself: that would clean up a database that is left open because its disk is read-only.
    collector.close().then(() => process.exit(), fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  collector = await startCollector({ ...command.options, logger: console });
  // Printed last: a program that waits for these lines may send a signal at once.
  process.stdout.write(
    `Send records to  ${collector.recordsUrl}
Dashboard        ${collector.dashboardUrl}
Data             ${store === undefined ? resolve(data ?? DEFAULT_DATA) : parseClickHouseAddress(store).shown}
`,
  );
}

function fail(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof CollectorError ? error.message : ((error as Error).stack ?? error)}\n`);
}

main().catch(fail);
