import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { ReadWay } from '../reads/read.ts';
import type { Sql } from '../storage/database.ts';
import type { Memory } from './memory.ts';
import { revealAll, type Opening } from './reveal.ts';
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
    const found = await readMemories(services, sql, viewer.id, known, 'LOOKUP');
    return ids.map((id) => found.get(id.toLowerCase()) ?? null);
  });
}

export async function findMemory(services: Services, viewer: Viewer, id: string): Promise<Memory | null> {
  const [memory] = await findMemories(services, viewer, [id]);
  return memory ?? null;
}

/** The same within a transaction, by id. */
export async function readMemories(
  opening: Opening,
  sql: Sql,
  viewerId: string,
  ids: readonly string[],
  way: ReadWay,
): Promise<ReadonlyMap<string, Memory>> {
  const rows = await findMemoryRows(sql, viewerId, ids);
  return new Map((await revealAll(opening, sql, rows, way)).map((memory) => [memory.id, memory]));
}
