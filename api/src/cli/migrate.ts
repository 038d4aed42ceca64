import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../storage/database.ts';
import { FolderInUse, lockFolder } from '../storage/folder-lock.ts';
import { migrate } from '../storage/migrate.ts';
import { CliError } from './cli-error.ts';
import { readSettings } from './settings.ts';

/** Brings the database to this version of Picard, as every start does too. */
export async function migrateDatabase(): Promise<void> {
  const { config } = readSettings();
  await using held = config.databaseUrl ? null : await holdFolder(config.dataFolder);
  const database = await openDatabase(
    held
      ? { folder: join(config.dataFolder, 'database') }
      : { url: config.databaseUrl ?? '', connections: 2 },
  );
  try {
    const applied = await migrate(database);
    process.stdout.write(
      applied.length === 0
        ? 'The database is up to date: nothing to apply.\n'
        : `Applied ${applied.length}: ${applied.join(', ')}. The database is up to date.\n`,
    );
  } finally {
    await database.close();
  }
}

async function holdFolder(folder: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const lock = lockFolder(folder);
    return { [Symbol.asyncDispose]: async () => lock.release() };
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    throw new CliError(
      error.code,
      `Nothing was done: another Picard process has the embedded database in ${folder} open. It brought the database up ` +
        'to date when it started; after an update of Picard, restart it.',
      { cause: error },
    );
  }
}
