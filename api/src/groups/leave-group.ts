import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { removeGroupMember } from './remove-group-member.ts';

/** @throws {GroupNotFound | LastOwner} */
export async function leaveGroup(services: Services, viewer: Viewer, groupId: string): Promise<void> {
  await removeGroupMember(services, viewer, { groupId, userId: viewer.id });
}
