import { recordSignIn } from '../audit/record-rows.ts';
import type { Services } from '../services.ts';
import { typedHandle, type Account } from './account.ts';
import { hashRecoveryCode } from './recovery-code.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { takeRecoveryCode } from './recovery-code-rows.ts';
import { findAccountByHandle } from './rows.ts';
import { limited, type From } from './sign-in-limits.ts';

/**
 * Each code is good once. Null for a handle that nobody has, a wrong code and a used one alike.
 * @throws {TooManyAttempts} before anything was tried.
 * @throws {AccountSuspended} and the code is still good.
 */
export async function signInWithRecoveryCode(
  { database, signIn }: Services,
  input: { handle: string; code: string },
  from: From,
): Promise<Account | null> {
  const handle = typedHandle(input.handle);
  const codeHash = hashRecoveryCode(input.code);
  return limited(signIn, 'recovery', handle, from, async () => {
    const { account, known } = await database.forAccounts(async (sql) => {
      const account = await takeRecoveryCode(sql, handle, codeHash);
      if (account) {
        await refuseSuspended(sql, account.id);
        await recordSignIn(sql, account.id, 'recovery code', true);
      }
      return { account, known: account ? null : await findAccountByHandle(sql, handle) };
    });
    if (known) signIn.tellFailure(known.account.id, 'recovery code');
    return account;
  });
}
