import type { Services } from '../services.ts';
import type { Account } from './account.ts';
import type { Purpose } from './account-link.ts';
import { findLinkOwner } from './account-link-rows.ts';

/** Whose account a link leads to; null for one that is unknown, used or expired, or was made for something else. */
export async function findAccountLink(
  { database }: Services,
  token: string,
  purpose: Purpose,
): Promise<Account | null> {
  return database.forAccounts((sql) => findLinkOwner(sql, token, purpose));
}
