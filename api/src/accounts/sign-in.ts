import type { DataKeys } from '../storage/data-keys.ts';
import type { Database } from '../storage/database.ts';
import { createPasswords, type Passwords } from './password-hash.ts';
import { LIMITS, type AccountLimit } from './sign-in-limits.ts';
import { createThrottle, type Throttle } from './throttle.ts';

/** What telling people apart needs beside the data. */
export interface SignIn {
  readonly passwords: Passwords;
  readonly throttle: Throttle<AccountLimit>;
  /** Whether anybody may make an account for themselves. */
  readonly registration: 'open' | 'closed';
}

/** Word of an account that is gone. Its payload is the account's id. */
export const DELETED_CHANNEL = 'picard_deleted_accounts';

export async function openSignIn(
  database: Database,
  dataKeys: DataKeys,
  registration: SignIn['registration'],
): Promise<SignIn> {
  // A destroyed key must not live on in the memory of another process.
  await database.listen(DELETED_CHANNEL, (accountId) => dataKeys.forget(accountId));
  return { passwords: createPasswords(), throttle: createThrottle(database, LIMITS), registration };
}
