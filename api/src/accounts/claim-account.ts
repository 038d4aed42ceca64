import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { violatesUnique } from '../storage/errors.ts';
import { displayName, type Account } from './account.ts';
import { deleteLinks, takeLink } from './account-link-rows.ts';
import { HandleTaken } from './errors.ts';
import { findAccountLink } from './find-account-link.ts';
import { setPassword } from './password-rows.ts';
import { checkedPassword } from './password.ts';
import { newRecoveryCodes } from './recovery-code.ts';
import { setRecoveryCodes } from './recovery-code-rows.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import type { Registration } from './register-account.ts';
import { checkedHandle } from './reserved-handle.ts';
import { claimAccount as claimRow } from './rows.ts';
import { AccountLinkInvalid } from './sign-in-errors.ts';
import { limitedByAddress, type From } from './sign-in-limits.ts';

/**
 * Makes an account that was made for somebody theirs. Its API keys stay. The recovery codes are told this once.
 * @throws {InvalidInput | HandleReserved | HandleTaken | AccountSuspended} and the link is still good.
 * @throws {AccountLinkInvalid | TooManyAttempts}
 */
export async function claimAccount(
  services: Services,
  input: Registration & { token: string },
  from: From,
): Promise<{ account: Account; recoveryCodes: string[] }> {
  const { database, signIn } = services;
  const { token } = input;
  const found = await limitedByAddress(signIn, 'link', from, () => findAccountLink(services, token, 'claim'));
  if (!found) throw new AccountLinkInvalid();
  const account: Account = {
    ...found,
    handle: checkedHandle(input.handle, found),
    displayName: checked('displayName', displayName, input.displayName ?? input.handle),
  };
  const hash = await signIn.passwords.hash(checkedPassword(input.password, account.handle));
  const recoveryCodes = newRecoveryCodes();
  try {
    await database.forAccounts(async (sql) => {
      if (!(await takeLink(sql, token, 'claim'))) throw new AccountLinkInvalid();
      await refuseSuspended(sql, account.id);
      await claimRow(sql, account);
      await deleteLinks(sql, account.id, 'claim');
      await setPassword(sql, account.id, hash);
      await setRecoveryCodes(sql, account.id, recoveryCodes);
    });
  } catch (error) {
    throw violatesUnique(error, 'users_handle') ? new HandleTaken(account.handle) : error;
  }
  return { account, recoveryCodes };
}
