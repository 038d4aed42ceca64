import type { Account } from 'oidc-provider';
import { isId } from '../id.ts';
import type { Database } from '../storage/database.ts';
import { ownerExists } from './owner-rows.ts';
import { reading } from './request-transaction.ts';

/** The account that a token or a session names, as long as it is there. */
export async function findOwner(database: Database, id: string): Promise<Account | undefined> {
  if (!isId(id) || !(await reading(database, (sql) => ownerExists(sql, id)))) return undefined;
  return { accountId: id, claims: () => ({ sub: id }) };
}
