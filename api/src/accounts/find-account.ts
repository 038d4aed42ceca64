import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { typedHandle, type Account } from './account.ts';
import {
  findAccount as findRow,
  findAccountByHandle as findRowByHandle,
  findAccounts as findRows,
} from './rows.ts';
import type { Viewer } from './viewer.ts';

/** Null for an account that is not there and for one that the viewer may not see alike. */
export async function findAccount(
  { database }: Pick<Services, 'database'>,
  viewer: Pick<Viewer, 'id'>,
  id: string,
): Promise<Account | null> {
  if (!isId(id)) return null;
  return database.forViewer(viewer.id, (sql) => findRow(sql, id));
}

/** Each in its place; null where `findAccount` would say so. */
export async function findAccounts(
  services: Pick<Services, 'database'>,
  viewer: Pick<Viewer, 'id'>,
  ids: readonly string[],
): Promise<(Account | null)[]> {
  const known = ids.filter(isId);
  return inPlace(ids, await services.database.forViewer(viewer.id, (sql) => findRows(sql, known)));
}

/** Whose the memories are that somebody was just let see: that may end before the owner is asked for. */
export async function findOwners(
  { database }: Pick<Services, 'database'>,
  ids: readonly string[],
): Promise<(Account | null)[]> {
  return inPlace(ids, await database.forAccounts((sql) => findRows(sql, ids)));
}

function inPlace(ids: readonly string[], accounts: readonly Account[]): (Account | null)[] {
  const found = new Map(accounts.map((account) => [account.id, account]));
  return ids.map((id) => found.get(id.toLowerCase()) ?? null);
}

/** Whoever knows a handle may invite its account or share with it, so this finds it for everybody. */
export async function findAccountByHandle(
  { database }: Pick<Services, 'database'>,
  handle: string,
): Promise<Account | null> {
  const found = await database.forAccounts((sql) => findRowByHandle(sql, typedHandle(handle)));
  return found?.account ?? null;
}
