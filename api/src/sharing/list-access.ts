import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { listAccessRows, type AccessRow } from './access-rows.ts';
import type { Grant } from './grant.ts';
import { findGrantRows } from './grant-rows.ts';
import { listStandings, type AccessLevel } from './level-rows.ts';

export type MemoryAccess = AccessRow & { grant: Grant | null };

/** Who may see a memory, and why; nobody, where the viewer may not. */
export async function listAccess(
  { database }: Services,
  viewer: Viewer,
  memoryId: string,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<MemoryAccess[]> {
  return database.forViewer(viewer.id, async (sql) => {
    const rows = await listAccessRows(sql, viewer.id, memoryId, after, limit);
    const ids = rows.flatMap(({ grantId }) => grantId ?? []);
    const grants = new Map((await findGrantRows(sql, ids)).map((grant) => [grant.id, grant]));
    return rows.map((row) => ({ ...row, grant: grants.get(row.grantId ?? '') ?? null }));
  });
}

/** What the viewer may do with each of these memories; READ where it is gone meanwhile. */
export async function findLevels(
  { database }: Services,
  viewer: Viewer,
  memoryIds: readonly string[],
): Promise<AccessLevel[]> {
  const standings = await database.forViewer(viewer.id, (sql) => listStandings(sql, viewer.id, memoryIds));
  const levels = new Map(standings.map(({ memoryId, level }) => [memoryId, level]));
  return memoryIds.map((id) => levels.get(id) ?? 'READ');
}
