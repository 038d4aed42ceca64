import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { DataKeys } from '../../storage/data-keys.ts';
import type { Database } from '../../storage/database.ts';
import { openMasterKeys } from '../../storage/master-keys.ts';
import { mend, note, ok, type Finding } from './finding.ts';
import { sampleDataKeys } from './rows.ts';

/** Before there is anything that the keys could open. */
export async function checkKeyFile(config: Config): Promise<Finding> {
  if (!config.masterKeys && !existsSync(join(config.dataFolder, 'master-keys'))) {
    return note('Master keys', 'none yet; the first start makes one in the data folder');
  }
  try {
    const keys = await openMasterKeys(config.masterKeys, config.dataFolder, () => undefined);
    return ok('Master keys', keySource(keys.source, config));
  } catch (error) {
    return badKeys(error);
  }
}

/** Whether the keys that are configured open what the database holds. */
export async function checkMasterKeys(database: Database, config: Config): Promise<Finding> {
  const samples = await database.forJobs((sql) => sampleDataKeys(sql));
  if (samples.length === 0) return checkKeyFile(config);
  const file = join(config.dataFolder, 'master-keys');
  if (!config.masterKeys && !existsSync(file)) {
    return mend(
      'Master keys',
      `${file} is gone, and without it nobody can read what is in the database`,
      'Bring that file back from its copy, or set PICARD_MASTER_KEYS. Do not start Picard before: it would make a new key.',
    );
  }
  try {
    const keys = await openMasterKeys(config.masterKeys, config.dataFolder, () => undefined);
    const dataKeys = new DataKeys(keys);
    for (const { ownerId, masterKeyVersion, wrapped } of samples) {
      keys.key(masterKeyVersion);
      if (opens(() => dataKeys.unwrap(ownerId, masterKeyVersion, wrapped))) continue;
      return mend(
        'Master keys',
        `the master key of version ${masterKeyVersion} is another than the one that this database was written with`,
        'Bring back the right one: the file master-keys from its copy, or PICARD_MASTER_KEYS.',
      );
    }
    return ok('Master keys', `${keySource(keys.source, config)}; they open the database`);
  } catch (error) {
    return badKeys(error);
  }
}

function opens(open: () => Buffer): boolean {
  try {
    open().fill(0);
    return true;
  } catch {
    return false;
  }
}

function keySource(source: 'environment' | 'file', { dataFolder }: Config): string {
  return source === 'environment' ? 'from PICARD_MASTER_KEYS' : `in ${join(dataFolder, 'master-keys')}`;
}

function badKeys(error: unknown): Finding {
  const text = error instanceof Error ? error.message : 'they cannot be read';
  return mend('Master keys', text, 'Correct them, or bring back the ones that worked.');
}
