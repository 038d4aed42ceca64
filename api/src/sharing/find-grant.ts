import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Grant } from './grant.ts';
import { findGrantRow, listGrantRows } from './grant-rows.ts';

/** Null but for a share of the viewer's own memories, or one that the viewer made. */
export async function findGrant({ database }: Services, viewer: Viewer, id: string): Promise<Grant | null> {
  if (!isId(id)) return null;
  return database.forViewer(viewer.id, (sql) => findGrantRow(sql, viewer.id, id));
}

/** Those that the viewer made and that are not over, newest first. */
export async function listGrants(
  { database }: Services,
  viewer: Viewer,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<Grant[]> {
  return database.forViewer(viewer.id, (sql) => listGrantRows(sql, viewer.id, after, limit));
}
