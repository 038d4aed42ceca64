import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly code = 'DATA_FOLDER_IN_USE';
  constructor(folder: string) {
    super(
      `The data folder ${folder} is used by another Picard process, and an embedded database has room for one. ` +
        'Stop that process, choose another folder with PICARD_DATA, or set DATABASE_URL to a Postgres server.',
    );
  }
}

/**
 * Keeps the folder for this process until `release` or the end of the process. SQLite's exclusive lock is the
 * operating system's own, so a kill -9 leaves nothing stale behind, unlike a file with a process id.
 */
export function lockFolder(folder: string): { release(): void } {
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new FolderInUse(folder) : error;
  }
  return { release: () => lock.close() };
}

/** SQLITE_BUSY, its extended codes included. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
