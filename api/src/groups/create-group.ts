import type { Viewer } from '../accounts/viewer.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { GroupLimit } from './errors.ts';
import { groupAbout, groupName, MAX_GROUPS, type Group } from './group.ts';
import { countGroups, findGroup, insertGroup } from './rows.ts';

/** The viewer is its owner. @throws {InvalidInput | GroupLimit} */
export async function createGroup(
  { database }: Services,
  viewer: Viewer,
  input: { name: string; about?: string | null | undefined },
): Promise<Group> {
  const name = checked('name', groupName, input.name);
  const about = checked('about', groupAbout, input.about ?? '');
  return database.forViewer(viewer.id, async (sql) => {
    const id = await insertGroup(sql, { name, about });
    if ((await countGroups(sql, viewer.id)) > MAX_GROUPS)
      throw new GroupLimit(MAX_GROUPS, 'groups that an account is in. Leave or delete one first.');
    const group = await findGroup(sql, viewer.id, id);
    if (!group) throw new Error('The group that was just made is gone');
    return group;
  });
}
