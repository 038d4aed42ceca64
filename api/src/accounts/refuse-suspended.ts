import type { Sql } from '../storage/database.ts';
import { AccountSuspended } from '../refusals.ts';
import { isSuspended } from './rows.ts';

/** For whoever has just shown that the account is theirs: nobody else is told. @throws {AccountSuspended} */
export async function refuseSuspended(sql: Sql, accountId: string): Promise<void> {
  if (await isSuspended(sql, accountId)) throw new AccountSuspended();
}
