import { createTellFailure, type TellFailure } from '../audit/record-failed-sign-in.ts';
import type { DataKeys } from '../storage/data-keys.ts';
import type { Database } from '../storage/database.ts';
import { EndedAccounts, SUSPENDED_CHANNEL } from './ended-accounts.ts';
import { createPasswords, type Passwords } from './password-hash.ts';
import { LIMITS, type AccountLimit } from './sign-in-limits.ts';
import { createThrottle, type Throttle } from './throttle.ts';

/** What telling people apart needs beside the data. */
export interface SignIn {
  readonly passwords: Passwords;
  readonly throttle: Throttle<AccountLimit>;
  readonly tellFailure: TellFailure;
  /** Whether anybody may make an account for themselves. */
  readonly registration: 'open' | 'closed';
  /** What is open for an account ends with it. */
  readonly ended: EndedAccounts;
}

/** Word of an account that is gone. Its payload is the account's id. */
export const DELETED_CHANNEL = 'picard_deleted_accounts';

export async function openSignIn(
  database: Database,
  dataKeys: DataKeys,
  registration: SignIn['registration'],
): Promise<SignIn> {
  // A destroyed key must not live on in the memory of another process.
  const ended = new EndedAccounts();
  await database.listen(DELETED_CHANNEL, (accountId) => {
    dataKeys.forget(accountId);
    ended.end(accountId);
  });
  await database.listen(SUSPENDED_CHANNEL, (accountId) => ended.end(accountId));
  const throttle = createThrottle(database, LIMITS);
  const tellFailure = createTellFailure(database, (accountId) => throttle.take('failures-told', accountId));
  return { passwords: createPasswords(), throttle, tellFailure, registration, ended };
}
