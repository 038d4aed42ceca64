import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Entry, EntryFilter } from './entry.ts';
import { settleLogs } from './checkpoint-rows.ts';
import { listAllEntries, listEntries, settleOwnLog } from './entry-rows.ts';

type Parts = Pick<Services, 'database'>;

/** What was done by the viewer or to what is theirs, newest first. @param after the number of the entry before. */
export async function listActivity(
  { database }: Parts,
  viewer: Viewer,
  filter: EntryFilter,
  after: number | null,
  limit: number,
): Promise<Entry[]> {
  return database.forViewer(viewer.id, async (sql) => {
    await settleOwnLog(sql);
    return listEntries(sql, viewer.id, filter, after, limit);
  });
}

/**
 * What was done on this server, for its administrator, newest first.
 * @param account with this one alone
 */
export async function listAllActivity(
  { database }: Parts,
  { account, ...filter }: EntryFilter & { account?: string | null | undefined },
  after: string | null,
  limit: number,
): Promise<Entry[]> {
  if (account && !isId(account)) return [];
  return database.forJobs(async (sql) => {
    await settleLogs(sql);
    return listAllEntries(sql, account ?? null, filter, after, limit);
  });
}
