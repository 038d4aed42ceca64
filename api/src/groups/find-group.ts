import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Group } from './group.ts';
import { findGroup as findRow } from './rows.ts';

/** Null for a group that is not there and for one that the viewer is not in alike. */
export async function findGroup({ database }: Services, viewer: Viewer, id: string): Promise<Group | null> {
  if (!isId(id)) return null;
  return database.forViewer(viewer.id, (sql) => findRow(sql, viewer.id, id));
}
