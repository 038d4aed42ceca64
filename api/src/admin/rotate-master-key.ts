import { recordMasterKeyRotation } from '../audit/record-rows.ts';
import type { Services } from '../services.ts';
import { lockMasterKeys } from '../storage/data-keys.ts';
import { anyWrappedBefore, rewrapServerKeys, rewrapSome, type WrappedKey } from './rows.ts';

const BATCH = 100;

export interface Rotation {
  masterKeyVersion: number;
  rewrappedDataKeys: number;
}

type Jobs = Pick<Services, 'database' | 'dataKeys'>;

/**
 * Makes a new master key, where keys are ours to make, and wraps every account's data key with it; texts stay as they
 * are. Runs beside all other work, and beside another rotation. When an earlier run was cut short, this one finishes
 * it instead of making a key.
 */
export async function rotateMasterKey(services: Jobs): Promise<Rotation> {
  const version = await chooseMasterKey(services);
  let rewrapped = 0;
  for (;;) {
    const done = await rewrapBatch(services, version);
    rewrapped += done;
    if (done === 0) return { masterKeyVersion: version, rewrappedDataKeys: rewrapped };
  }
}

async function chooseMasterKey({ database, dataKeys: { masterKeys } }: Jobs): Promise<number> {
  return database.forJobs(async (sql) => {
    await lockMasterKeys(sql, 'exclusive');
    const unfinished = await anyWrappedBefore(sql, masterKeys.current);
    const version = unfinished ? masterKeys.current : await masterKeys.rotate();
    await recordMasterKeyRotation(sql, version);
    return version;
  });
}

async function rewrapBatch({ database, dataKeys }: Jobs, version: number): Promise<number> {
  return database.forJobs(async (sql) => {
    await lockMasterKeys(sql, 'exclusive');
    const rewrap = ({ ownerId, masterKeyVersion, wrapped }: WrappedKey): Buffer =>
      dataKeys.wrap(ownerId, version, dataKeys.unwrap(ownerId, masterKeyVersion, wrapped));
    await rewrapServerKeys(sql, version, rewrap);
    return rewrapSome(sql, version, BATCH, rewrap);
  });
}
