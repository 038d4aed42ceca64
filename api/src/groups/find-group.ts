import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Group } from './group.ts';
import { findGroup as findRow, findGroups as findRows } from './rows.ts';

/** Null for a group that is not there and for one that the viewer is not in alike. */
export async function findGroup({ database }: Services, viewer: Viewer, id: string): Promise<Group | null> {
  if (!isId(id)) return null;
  return database.forViewer(viewer.id, (sql) => findRow(sql, viewer.id, id));
}

/** Each in its place; null where `findGroup` would say so. */
export async function findGroups(
  { database }: Services,
  viewer: Viewer,
  ids: readonly string[],
): Promise<(Group | null)[]> {
  const rows = await database.forViewer(viewer.id, (sql) => findRows(sql, viewer.id, ids.filter(isId)));
  const found = new Map(rows.map((group) => [group.id, group]));
  return ids.map((id) => found.get(id.toLowerCase()) ?? null);
}
