import { User } from '../accounts/schema.ts';
import type { Context } from '../context.ts';
import { Group } from '../groups/schema.ts';
import { builder } from '../schema/builder.ts';

const Everyone = builder.objectRef<{ everyone: true }>('Everyone').implement({
  description: 'Whoever is signed in to this server.',
  fields: (t) => ({
    description: t.string({ resolve: () => 'Everybody who is signed in to this server.' }),
  }),
});

interface FormerGroupShape {
  groupId: string;
  name: string;
}
const FormerGroup = builder.objectRef<FormerGroupShape>('FormerGroup').implement({
  description: 'A group that you shared with and are no longer in; those who are see what you shared.',
  fields: (t) => ({ groupId: t.exposeID('groupId'), name: t.exposeString('name') }),
});

const typename = (value: object): 'User' | 'Everyone' | 'Group' | 'FormerGroup' => {
  if ('handle' in value) return 'User';
  if ('everyone' in value) return 'Everyone';
  return 'viewerRole' in value ? 'Group' : 'FormerGroup';
};

export const Grantee = builder.unionType('Grantee', {
  description: 'With whom something is shared.',
  types: [User, Group, FormerGroup],
  resolveType: typename,
});

export const Principal = builder.unionType('Principal', {
  description: 'Who may see something.',
  types: [User, Group, FormerGroup, Everyone],
  resolveType: typename,
});

/** @throws where there is neither a person nor a group by this id, as ends with the account of the one or the last of the other. */
export async function granteeOf(
  { audienceId, groupName }: { audienceId: string; groupName: string | null },
  { loaders }: Context,
) {
  if (groupName !== null)
    return (await loaders.groups.load(audienceId)) ?? { groupId: audienceId, name: groupName };
  const account = await loaders.accounts.load(audienceId);
  if (!account) throw new Error('Something is shared with an account that is not there');
  return account;
}

export const everyone = { everyone: true as const };
