import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { indexWords } from '../search/index-memories.ts';
import type { Services } from '../services.ts';
import { violatesUnique } from '../storage/errors.ts';
import { announce } from '../storage/events.ts';
import { DuplicateSource, MemoryNotFound } from './errors.ts';
import type { Memory } from './memory.ts';
import { reveal } from './reveal.ts';
import { findBySource, lockMemoryRows } from './rows.ts';
import { setDeleted } from './write-rows.ts';

/** Out of the trash, as it was; a memory that is not in the trash stays as it is. */
export async function undeleteMemory(services: Services, viewer: Viewer, id: string): Promise<Memory> {
  if (!isId(id)) throw new MemoryNotFound(id);
  try {
    return await services.database.forViewer(viewer.id, async (sql) => {
      const [row] = await lockMemoryRows(sql, viewer.id, [id]);
      if (!row) throw new MemoryNotFound(id);
      const keys = await services.dataKeys.of(sql, viewer.id);
      const memory = reveal(keys, row);
      if (!memory.deletedAt) return memory;
      const [holder] = memory.sourceId === null ? [] : await findBySource(sql, viewer.id, [memory]);
      if (holder) throw new DuplicateSource(holder.id);
      await setDeleted(sql, viewer.id, [memory.id], null);
      await indexWords(sql, keys, [memory]);
      await announce(sql, [{ ownerId: viewer.id, memoryId: memory.id, kind: 'UNDELETED' }]);
      return { ...memory, deletedAt: null };
    });
  } catch (error) {
    if (violatesUnique(error, 'memories_source')) return undeleteMemory(services, viewer, id);
    throw error;
  }
}
