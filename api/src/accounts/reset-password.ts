import type { Services } from '../services.ts';
import type { Account } from './account.ts';
import { deleteLinks, takeLink } from './account-link-rows.ts';
import { endAllSessions } from './end-all-sessions-rows.ts';
import { findAccountLink } from './find-account-link.ts';
import { setPassword } from './password-rows.ts';
import { checkedPassword } from './password.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { AccountLinkInvalid } from './sign-in-errors.ts';
import { limitedByAddress, type From } from './sign-in-limits.ts';

/**
 * A new password by a one-time link. Ends every session and every app's tokens; API keys and passkeys stay.
 * @throws {InvalidInput | AccountSuspended} and the link is still good.
 * @throws {AccountLinkInvalid | TooManyAttempts}
 */
export async function resetPassword(
  services: Services,
  { token, password }: { token: string; password: string },
  from: From,
): Promise<Account> {
  const { database, signIn } = services;
  const account = await limitedByAddress(signIn, 'link', from, () =>
    findAccountLink(services, token, 'reset'),
  );
  if (!account) throw new AccountLinkInvalid();
  const hash = await signIn.passwords.hash(checkedPassword(password, account.handle));
  await database.forAccounts(async (sql) => {
    if (!(await takeLink(sql, token, 'reset'))) throw new AccountLinkInvalid();
    await refuseSuspended(sql, account.id);
    await deleteLinks(sql, account.id, 'reset');
    await setPassword(sql, account.id, hash);
    await endAllSessions(sql, account.id, null);
  });
  return account;
}
