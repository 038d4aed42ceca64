import type { Services } from '../services.ts';
import { rewrapSome } from './rows.ts';

const BATCH = 100;

export interface Rotation {
  masterKeyVersion: number;
  rewrappedDataKeys: number;
}

/**
 * Makes a new master key, where keys are ours to make, and wraps every account's data key with it; texts stay as they
 * are. Runs beside all other work. When an earlier run was cut short, this one finishes it instead of making a key.
 */
export async function rotateMasterKey(
  services: Services,
  onProgress: (rewrapped: number) => void = () => undefined,
): Promise<Rotation> {
  const { masterKeys } = services.dataKeys;
  let rewrapped = await rewrapAll(services, masterKeys.current, onProgress);
  if (rewrapped === 0 && masterKeys.source === 'file') {
    await masterKeys.rotate();
    rewrapped = await rewrapAll(services, masterKeys.current, onProgress);
  }
  return { masterKeyVersion: masterKeys.current, rewrappedDataKeys: rewrapped };
}

async function rewrapAll(
  services: Services,
  version: number,
  onProgress: (rewrapped: number) => void,
): Promise<number> {
  const { database, dataKeys } = services;
  for (let total = 0; ;) {
    const done = await database.forJobs((sql) =>
      rewrapSome(sql, version, BATCH, (row) =>
        dataKeys.wrap(row.ownerId, version, dataKeys.unwrap(row.ownerId, row.masterKeyVersion, row.wrapped)),
      ),
    );
    total += done;
    onProgress(total);
    if (done === 0) return total;
  }
}
