import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { deleteReads } from './rows.ts';

export interface Erasure {
  memoryId?: string | null | undefined;
  before?: Date | null | undefined;
}

/** Forgets who saw the viewer's memories; answers how many entries went. An unknown memory has none. */
export async function eraseReads(
  { database, reads }: Services,
  viewer: Viewer,
  { memoryId = null, before = null }: Erasure,
): Promise<number> {
  if (memoryId !== null && !isId(memoryId)) return 0;
  // What waits in this process would come back.
  await reads.flush();
  return database.forViewer(viewer.id, (sql) => deleteReads(sql, viewer.id, memoryId, before));
}
