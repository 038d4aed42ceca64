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
  services: Services,
  viewer: Viewer,
  ids: readonly string[],
): Promise<(Account | null)[]> {
  const rows = await services.database.forViewer(viewer.id, (sql) => findRows(sql, ids.filter(isId)));
  const found = new Map(rows.map((account) => [account.id, account]));
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
