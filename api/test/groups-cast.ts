import type { GroupsStage, Somebody } from './groups-stage.ts';

export const everybody = [
  'owner',
  'manager',
  'member',
  'invitee',
  'outsider',
  'aManager',
  'aMember',
] as const;
export type Cast = Record<(typeof everybody)[number], Somebody>;

/** A group with somebody in every place that one can have to it, an open link, and another group beside it. */
export async function openCast(stage: GroupsStage): Promise<{ cast: Cast; groupId: string }> {
  const cast: Cast = {} as never;
  for (const each of everybody) cast[each] = await stage.somebody(each.toLowerCase());
  const groupId = await stage.settled(
    [cast.owner, 'owner'],
    [cast.manager, 'manager'],
    [cast.aManager, 'manager'],
    [cast.member, 'member'],
    [cast.aMember, 'member'],
  );
  await stage.does(cast.owner, 'inviteToGroup', { groupId, handle: 'invitee' });
  await stage.link(cast.owner, groupId, { role: 'MANAGER' });
  // Another group, so that "its own" and "all" are not the same.
  await stage.link(cast.outsider, await stage.group(cast.outsider));
  return { cast, groupId };
}
