import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CollectorError } from '../../collector-error.js';

/** Creates the data folder if it is missing and returns the path of the database in it, which this process may write. */
export function prepareDataFolder(folder: string): string {
  try {
    makeFolder(resolve(folder));
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new CollectorError(
      `Cannot write to the data folder ${folder} (${reasonOf(error)}). Choose another with --data.`,
    );
  }
  const path = join(folder, 'collector.db');
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expectOwnFile(file);
  return path;
}

/** Files that another user left there, most likely root, may be in the way. */
function expectOwnFile(file: string): void {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (!found.isFile()) throw new Error('it is not a file');
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new CollectorError(
      `Cannot write to ${file} (${reasonOf(error)}). Make it writable for this process, or choose another folder with --data.`,
    );
  }
}

/** In Node 20 `mkdirSync` with `recursive` never returns where a folder cannot exist, such as below /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code && /^E[A-Z]+$/.test(code) ? code : message;
}
