import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Account } from './account.ts';
import { findAccount as findRow } from './rows.ts';
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
