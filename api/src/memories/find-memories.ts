import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
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
    const rows = await findMemoryRows(sql, viewer.id, known);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const row = found.get(id.toLowerCase());
      return row ? reveal(keys, row) : null;
    });
  });
}

export async function findMemory(services: Services, viewer: Viewer, id: string): Promise<Memory | null> {
  const [memory] = await findMemories(services, viewer, [id]);
  return memory ?? null;
}
