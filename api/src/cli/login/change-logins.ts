import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderInUse, lockFolder } from '../../storage/folder-lock.ts';
import { CliError } from '../cli-error.ts';
import { uninterrupted } from '../interrupt.ts';
import { makeFolder, readLogins, writeLogins, type Logins } from './logins-file.ts';

/** Longer than anybody takes to renew a login, with a second try at a server that is slow. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/**
 * Changes the logins as one process of this user at a time may: a refresh token that two show at once would end the login.
 * `work` gets them as they are under the lock; what it has changed by `save` is on the disk when that resolves. The lock is
 * the operating system's, and a process that dies has let go of it.
 */
export async function changeLogins<T>(
  file: string,
  work: (logins: Logins, save: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const folder = dirname(file);
  await makeFolder(folder);
  const lock = await takeLock(folder);
  try {
    return await uninterrupted(async () => {
      const logins = await readLogins(file);
      return work(logins, () => writeLogins(file, logins));
    });
  } finally {
    lock.release();
  }
}

async function takeLock(folder: string): Promise<{ release(): void }> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(LOOK_AGAIN_MS)) {
    try {
      return lockFolder(folder);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      if (Date.now() > deadline) throw inUse(folder, error);
    }
  }
}

function inUse(folder: string, cause: Error): CliError {
  return new CliError(
    'LOGINS_IN_USE',
    `Another picard process has been busy with the logins in ${folder} for a minute. Wait for it or end it, then try again.`,
    { cause },
  );
}
