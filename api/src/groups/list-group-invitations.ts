import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { Group, Position } from './group.ts';
import { isAtLeast } from './group-role.ts';
import type { GroupInvitation } from './invitation.ts';
import { listInvitationsOf, listInvitationsTo } from './invitation-rows.ts';

/** Those to a group that are open, newest first; none for whoever is a plain member of it. */
export async function listGroupInvitations(
  { database }: Services,
  viewer: Viewer,
  { id, viewerRole }: Pick<Group, 'id' | 'viewerRole'>,
  after: Position | null,
  limit: number,
): Promise<GroupInvitation[]> {
  if (!isAtLeast(viewerRole, 'manager')) return [];
  return database.forViewer(viewer.id, (sql) => listInvitationsOf(sql, id, after, limit));
}

/** Those to the viewer that are open, newest first. */
export async function listMyInvitations(
  { database }: Services,
  viewer: Viewer,
  after: Position | null,
  limit: number,
): Promise<GroupInvitation[]> {
  return database.forViewer(viewer.id, (sql) => listInvitationsTo(sql, viewer.id, after, limit));
}
