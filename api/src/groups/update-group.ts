import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { GroupNotFound } from './errors.ts';
import { groupAbout, groupName, type Group } from './group.ts';
import { requireRole } from './group-role.ts';
import { findGroup, lockGroup, updateGroup as updateRow } from './rows.ts';

export interface GroupChange {
  groupId: string;
  name?: string | null | undefined;
  about?: string | null | undefined;
}

/** What is not given stays as it is. @throws {InvalidInput | GroupNotFound | GroupRoleRequired} */
export async function updateGroup(
  { database }: Services,
  viewer: Viewer,
  { groupId, ...input }: GroupChange,
): Promise<Group> {
  const name = checked('name', groupName.nullish(), input.name);
  const about = checked('about', groupAbout.nullish(), input.about);
  if (!isId(groupId)) throw new GroupNotFound(groupId);
  return database.forViewer(viewer.id, async (sql) => {
    await lockGroup(sql, groupId);
    const group = await findGroup(sql, viewer.id, groupId);
    if (!group) throw new GroupNotFound(groupId);
    requireRole(group.viewerRole, 'manager');
    const changed: Group = { ...group, name: name ?? group.name, about: about ?? group.about };
    await updateRow(sql, changed);
    return changed;
  });
}
