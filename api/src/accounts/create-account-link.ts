import { InvalidInput } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { typedHandle, type Account } from './account.ts';
import { newLink, type NewLink, type Purpose } from './account-link.ts';
import { insertLink } from './account-link-rows.ts';
import { AccountNotFound } from './errors.ts';
import { findAccountByHandle, findUnclaimedFirstAccount, isClaimed } from './rows.ts';

/**
 * A one-time link for the owner of an account. Those that were made before stay good.
 * @param input.purpose to claim an account that nobody has claimed, else to reset its password, unless told.
 * @throws {AccountNotFound | InvalidInput}
 */
export async function createAccountLink(
  { database }: Pick<Services, 'database'>,
  input: { handle: string; purpose?: Purpose | null | undefined },
): Promise<{ account: Account; link: NewLink }> {
  return database.forAccounts(async (sql) => {
    const found = await findAccountByHandle(sql, typedHandle(input.handle));
    if (!found) throw new AccountNotFound(input.handle);
    const { account } = found;
    const fitting: Purpose = (await isClaimed(sql, account.id)) ? 'reset' : 'claim';
    if (input.purpose && input.purpose !== fitting) throw new InvalidInput('purpose', PROBLEM[fitting]);
    const link = newLink(fitting);
    await insertLink(sql, account.id, link);
    return { account, link };
  });
}

const PROBLEM: Readonly<Record<Purpose, string>> = {
  reset: 'must be to reset the password: this account has been claimed',
  claim: 'must be to claim the account: nobody has done so yet, so it has no password to reset',
};

/** A link to claim the administrator's account that the first start made; null once somebody has. */
export async function createFirstClaimLink({
  database,
}: Pick<Services, 'database'>): Promise<NewLink | null> {
  return database.forAccounts(async (sql) => {
    const account = await findUnclaimedFirstAccount(sql);
    if (!account) return null;
    const link = newLink('claim');
    await insertLink(sql, account.id, link);
    return link;
  });
}
