import { recordSignIn } from '../audit/record-rows.ts';
import type { Services } from '../services.ts';
import { typedHandle, type Account } from './account.ts';
import { isOutdated } from './password-hash.ts';
import { replaceHash } from './password-rows.ts';
import { normalised } from './password.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { findAccountByHandle } from './rows.ts';
import { limited, type From } from './sign-in-limits.ts';

/**
 * Null for a handle that nobody has and for a wrong password alike, after the same work.
 * @throws {TooManyAttempts} before anything was tried.
 * @throws {AccountSuspended} to whoever knows the password.
 */
export async function signInWithPassword(
  { database, signIn }: Services,
  input: { handle: string; password: string },
  from: From,
): Promise<Account | null> {
  const handle = typedHandle(input.handle);
  return limited(signIn, 'password', handle, from, async () => {
    const found = await database.forAccounts((sql) => findAccountByHandle(sql, handle));
    const hash = found?.passwordHash ?? null;
    const right = await signIn.passwords.verify(hash, input.password);
    if (!right || !found || hash === null) {
      if (found) signIn.tellFailure(found.account.id, 'password');
      return null;
    }
    await database.forAccounts((sql) => refuseSuspended(sql, found.account.id));
    const better = isOutdated(hash) ? await signIn.passwords.hash(normalised(input.password)) : null;
    await database.forAccounts(async (sql) => {
      if (better !== null) await replaceHash(sql, found.account.id, hash, better);
      await recordSignIn(sql, found.account.id, 'password', true);
    });
    return found.account;
  });
}
