import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { indexWords } from '../index/index-memories.ts';
import type { Services } from '../services.ts';
import { announce } from '../storage/events.ts';
import { only } from './batch.ts';
import { refuseDuplicates } from './duplicate-sources.ts';
import { MemoryNotFound } from './errors.ts';
import type { Memory } from './memory.ts';
import { refusalsOfOthers } from './others-writing.ts';
import { revealAll } from './reveal.ts';
import { lockMemoryRows } from './rows.ts';
import { afterRaces } from './source-race.ts';
import { setDeleted } from './write-rows.ts';

/** Out of the trash, as it was; a memory that is not in the trash stays as it is. */
export async function undeleteMemory(services: Services, viewer: Viewer, id: string): Promise<Memory> {
  if (!isId(id)) throw new MemoryNotFound(id);
  return afterRaces(() =>
    services.database.forViewer(viewer.id, async (sql) => {
      const rows = await lockMemoryRows(sql, viewer.id, [id]);
      const [memory] = await revealAll(services, sql, rows, 'CHANGE');
      if (!memory) throw (await refusalsOfOthers(sql, viewer.id, [id]))(id);
      const keys = await services.dataKeys.of(sql, viewer.id);
      if (!memory.deletedAt) return memory;
      const restored = only(await refuseDuplicates(sql, viewer.id, [{ ...memory, deletedAt: null }]));
      await setDeleted(sql, viewer.id, [memory.id], null);
      await indexWords(sql, keys, [memory]);
      await announce(sql, [{ ownerId: viewer.id, memoryId: memory.id, kind: 'UNDELETED' }]);
      return restored;
    }),
  );
}
