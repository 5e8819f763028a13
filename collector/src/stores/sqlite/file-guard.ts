import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFailure } from '../store-failure.js';

/** Throws a `StoreFailure` if the files of an open database are no longer where they were, or if a start would be refused. */
export type FileGuard = () => void;

/**
 * Checks what SQLite does not check. Before a transaction: SQLite does not notice that the database is read-only until its log is moved
 * there, and the first write into `-shm`, which is mapped into memory, would end the process with SIGBUS (ext4 that went read-only, `chattr
 * +i`). After one, too: it may have gone into files that nobody will find again, and an `fsync` in progress while ext4 goes read-only may
 * report success although the data never reached the disk (Linux 6.18, `mount -o remount,abort`).
 */
export function createFileGuard(path: string): FileGuard {
  const folder = dirname(path);
  const wal = `${path}-wal`;
  const inodes = [path, wal].map((file) => ({ file, inode: inodeOf(file) }));
  return () => {
    for (const { file, inode } of inodes) {
      const now = inodeOf(file);
      // The same check that SQLite itself makes before it writes without a log: SQLITE_READONLY_DBMOVED.
      if (now !== inode) {
        throw new StoreFailure('moved', `${file} was ${now === undefined ? 'removed' : 'replaced'} while it was open`);
      }
    }
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      accessSync(path, constants.W_OK);
      accessSync(`${path}-shm`, constants.W_OK);
      // A file system that went read-only by itself still claims that writing is allowed (ext4 of Linux 6.18); only opening reveals it. The other
      // files are not opened, because closing them would release the locks that SQLite holds on them.
      closeSync(openSync(wal, 'r+'));
    } catch (error) {
      const { code, path: file } = error as NodeJS.ErrnoException;
      const isReadOnly = code === 'EROFS' || code === 'EPERM' || code === 'EACCES';
      throw isReadOnly
        ? new StoreFailure('read-only', `${file} is read-only (${code})`)
        : new StoreFailure('io-error', `${file} cannot be used (${code})`);
    }
  };
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
