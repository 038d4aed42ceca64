import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { Group, GroupMember, Position } from './group.ts';
import { listMembers } from './member-rows.ts';
import { listGroups as listRows } from './rows.ts';

/** Those that the viewer is in, the last one they joined first. */
export async function listGroups(
  { database }: Services,
  viewer: Viewer,
  after: Position | null,
  limit: number,
): Promise<Group[]> {
  return database.forViewer(viewer.id, (sql) => listRows(sql, viewer.id, after, limit));
}

/** The longest-standing first; nobody, where the viewer is not in the group. */
export async function listGroupMembers(
  { database }: Services,
  viewer: Viewer,
  groupId: string,
  after: Position | null,
  limit: number,
): Promise<GroupMember[]> {
  return database.forViewer(viewer.id, (sql) => listMembers(sql, viewer.id, groupId, after, limit));
}
