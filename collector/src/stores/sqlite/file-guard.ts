import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFailure } from '../store-failure.js';

/** Throws a `StoreFailure` where the files of an open database are not where they were, or where a start would be refused. */
export type FileGuard = () => void;

/**
 * Looks where SQLite does not look. Before a transaction: SQLite does not see that the database may only be read until its log is moved
 * there, and the first write into `-shm`, which is mapped into memory, would end the process with SIGBUS (ext4 that went read-only, `chattr
 * +i`). After one, too: it may have gone into files that nobody finds again, and an `fsync` that is under way while ext4 goes read-only may
 * tell of success although nothing comes back (Linux 6.18, `mount -o remount,abort`).
 */
export function createFileGuard(path: string): FileGuard {
  const folder = dirname(path);
  const wal = `${path}-wal`;
  const inodes = [path, wal].map((file) => ({ file, inode: inodeOf(file) }));
  return () => {
    for (const { file, inode } of inodes) {
      const now = inodeOf(file);
      // Another name for what SQLite itself asks before it writes without a log: SQLITE_READONLY_DBMOVED.
      if (now !== inode) {
        throw new StoreFailure(
          'moved',
          `${file} was ${now === undefined ? 'taken away' : 'replaced'} while it was open`,
        );
      }
    }
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      accessSync(path, constants.W_OK);
      accessSync(`${path}-shm`, constants.W_OK);
      // A file system that went read-only by itself still answers that writing is allowed (ext4 of Linux 6.18): opening tells. Not so of the
      // others, for closing them would give up the locks that SQLite has on them.
      closeSync(openSync(wal, 'r+'));
    } catch (error) {
      const { code, path: file } = error as NodeJS.ErrnoException;
      const isReadOnly = code === 'EROFS' || code === 'EPERM' || code === 'EACCES';
      throw isReadOnly
        ? new StoreFailure('read-only', `${file} may only be read (${code})`)
        : new StoreFailure('io-error', `${file} cannot be used (${code})`);
    }
  };
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
