import type { Visibility } from '../memories/memory.ts';
import { lockMemoryRows } from '../memories/rows.ts';
import { updateMemoryRows } from '../memories/write-rows.ts';
import type { Sql } from '../storage/database.ts';
import { announce } from '../storage/events.ts';

/** Locks the viewer's own of these memories, and answers what sets the visibility of those that it is told. */
export async function setVisibility(
  sql: Sql,
  viewerId: string,
  memoryIds: readonly string[],
  visibility: Visibility,
): Promise<(ids: readonly string[]) => Promise<void>> {
  const rows = await lockMemoryRows(sql, viewerId, memoryIds);
  return async (ids) => {
    const changing = rows.filter((row) => row.visibility !== visibility && ids.includes(row.id));
    if (changing.length === 0) return;
    const modifiedAt = new Date();
    await updateMemoryRows(
      sql,
      changing.map((row) => ({ ...row, visibility, version: row.version + 1, modifiedAt })),
      [],
    );
    await announce(
      sql,
      changing.map(({ ownerId, id }) => ({ ownerId, memoryId: id, kind: 'UPDATED' as const })),
    );
  };
}
