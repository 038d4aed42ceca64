import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import type { Memory } from './memory.ts';
import { reveal } from './reveal.ts';
import { findMemoryRows } from './rows.ts';

/** The memories with these ids, in their order; null where the viewer may see none. The trash is included. */
export async function findMemories(
  services: Services,
  viewer: Viewer,
  ids: readonly string[],
): Promise<(Memory | null)[]> {
  const known = ids.filter(isId);
  if (known.length === 0) return ids.map(() => null);
  return services.database.forViewer(viewer.id, async (sql) => {
    const keys = await services.dataKeys.of(sql, viewer.id);
    const found = await readMemories(sql, keys, viewer.id, known);
    return ids.map((id) => found.get(id.toLowerCase()) ?? null);
  });
}

export async function findMemory(services: Services, viewer: Viewer, id: string): Promise<Memory | null> {
  const [memory] = await findMemories(services, viewer, [id]);
  return memory ?? null;
}

/** The same within a transaction, by id. */
export async function readMemories(
  sql: Sql,
  keys: AccountKeys,
  viewerId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Memory>> {
  const rows = await findMemoryRows(sql, viewerId, ids);
  return new Map(rows.map((row) => [row.id, reveal(keys, row)]));
}
