import type { Services } from '../services.ts';
import { typedHandle, type Account } from './account.ts';
import { hashRecoveryCode } from './recovery-code.ts';
import { takeRecoveryCode } from './recovery-code-rows.ts';
import { limited, type From } from './sign-in-limits.ts';

/**
 * Each code is good once. Null for a handle that nobody has, a wrong code and a used one alike.
 * @throws {TooManyAttempts} before anything was tried.
 */
export async function signInWithRecoveryCode(
  { database, signIn }: Services,
  input: { handle: string; code: string },
  from: From,
): Promise<Account | null> {
  const handle = typedHandle(input.handle);
  const codeHash = hashRecoveryCode(input.code);
  return limited(signIn, 'recovery', handle, from, () =>
    database.forAccounts((sql) => takeRecoveryCode(sql, handle, codeHash)),
  );
}
