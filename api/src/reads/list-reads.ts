import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { MemoryRead } from './read.ts';
import { findDaysKept, listReads as listRows, type Position } from './rows.ts';

/** Who saw the viewer's own memories, or one of them, newest first. What was read within the last second may lack. */
export async function listReads(
  { database }: Services,
  viewer: Viewer,
  memoryId: string | null,
  after: Position | null,
  limit: number,
): Promise<MemoryRead[]> {
  return database.forViewer(viewer.id, (sql) => listRows(sql, viewer.id, memoryId, after, limit));
}

/** For how many days reads of the viewer's memories are kept. */
export async function getDaysKept({ database }: Services, viewer: Viewer): Promise<number> {
  return database.forViewer(viewer.id, (sql) => findDaysKept(sql));
}
