import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Services } from '../services.ts';
import { createAccount } from './create-account.ts';
import { HandleTaken } from './errors.ts';
import { anyAccount } from './rows.ts';

/**
 * Makes the administrator's account when there is no account at all, and keeps its API key in `<data>/first-key`
 * (mode 600). Answers the key if that file is there, else null.
 */
export async function ensureFirstAccount(
  services: Pick<Services, 'database' | 'dataKeys'>,
  dataFolder: string,
): Promise<string | null> {
  const file = join(dataFolder, 'first-key');
  const exists = await services.database.forAccounts((sql) => anyAccount(sql));
  if (!exists) {
    try {
      const { secret } = await createAccount(
        services,
        { handle: 'admin', displayName: 'Administrator' },
        true,
      );
      await writeFile(file, `${secret}\n`, { mode: 0o600, flush: true });
    } catch (error) {
      // Another instance that started at the same time was first.
      if (!(error instanceof HandleTaken)) throw error;
    }
  }
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}
