import { User } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import { orNamedError, resultType } from '../schema/user-error.ts';
import { changeGroupRole } from './change-group-role.ts';
import * as errors from './errors.ts';
import { GroupMemberNotFound, GroupNotFound, GroupRoleRequired, LastOwner } from './errors-schema.ts';
import { MAX_MEMBERS, type GroupMember as GroupMemberShape } from './group.ts';
import { leaveGroup } from './leave-group.ts';
import { listGroupMembers } from './list-groups.ts';
import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { removeGroupMember } from './remove-group-member.ts';
import { GroupRole } from './role-schema.ts';
import { Group } from './schema.ts';

const GroupMember = builder.objectRef<GroupMemberShape>('GroupMember').implement({
  description: 'Somebody who is in a group.',
  fields: (t) => ({
    user: t.field({ type: User, resolve: ({ account }) => account }),
    role: t.expose('role', { type: GroupRole }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime' }),
  }),
});
const GroupMemberEdge = builder
  .objectRef<{ cursor: string; node: GroupMemberShape }>('GroupMemberEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: GroupMember }) }),
  });
const GroupMemberConnection = builder.objectRef<Page<GroupMemberShape>>('GroupMemberConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [GroupMemberEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});

builder.objectField(Group, 'members', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: GroupMemberConnection,
    description: `Everybody who is in it, the longest-standing first; at most ${MAX_MEMBERS}.`,
    args: pageArguments,
    extensions: notes({ cost: 1, sizedBy: 'first' }),
    resolve: ({ id }, args, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listGroupMembers(services, viewer, id, after, limit),
        ({ joinedAt, account }) => ({ at: joinedAt, id: account.id }),
      ),
  }),
);

const ChangeGroupRolePayload = builder
  .objectRef<{ member: GroupMemberShape }>('ChangeGroupRolePayload')
  .implement({ fields: (t) => ({ member: t.expose('member', { type: GroupMember }) }) });
const ChangeGroupRoleResult = builder.unionType('ChangeGroupRoleResult', {
  types: [ChangeGroupRolePayload, GroupNotFound, GroupRoleRequired, GroupMemberNotFound, LastOwner],
  resolveType: resultType('ChangeGroupRolePayload'),
});
const ChangeGroupRoleInput = builder.inputType('ChangeGroupRoleInput', {
  fields: (t) => ({
    groupId: t.id({ required: true }),
    userId: t.id({ required: true }),
    role: t.field({ type: GroupRole, required: true }),
  }),
});

builder.mutationField('changeGroupRole', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: ChangeGroupRoleResult,
    description:
      'Give somebody in a group another role. Owners give any, the owner’s too; everybody may step down to member.',
    args: { input: t.arg({ type: ChangeGroupRoleInput, required: true }) },
    extensions: notes({ cost: 1, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [errors.GroupNotFound, errors.GroupRoleRequired, errors.GroupMemberNotFound, errors.LastOwner],
        async () => ({ member: await changeGroupRole(services, viewer, input) }),
      ),
  }),
);

interface Removed {
  groupId: string;
  userId: string;
}
const RemoveGroupMemberPayload = builder.objectRef<Removed>('RemoveGroupMemberPayload').implement({
  fields: (t) => ({ groupId: t.exposeID('groupId'), userId: t.exposeID('userId') }),
});
const RemoveGroupMemberResult = builder.unionType('RemoveGroupMemberResult', {
  types: [RemoveGroupMemberPayload, GroupNotFound, GroupRoleRequired, GroupMemberNotFound, LastOwner],
  resolveType: resultType('RemoveGroupMemberPayload'),
});
const RemoveGroupMemberInput = builder.inputType('RemoveGroupMemberInput', {
  fields: (t) => ({ groupId: t.id({ required: true }), userId: t.id({ required: true }) }),
});

builder.mutationField('removeGroupMember', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: RemoveGroupMemberResult,
    description:
      'Show somebody out of a group: owners anybody, managers members. From their next request on they see nothing more that ' +
      'they saw through the group.',
    args: { input: t.arg({ type: RemoveGroupMemberInput, required: true }) },
    extensions: notes({ cost: 1, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [errors.GroupNotFound, errors.GroupRoleRequired, errors.GroupMemberNotFound, errors.LastOwner],
        async () => {
          await removeGroupMember(services, viewer, input);
          return { groupId: input.groupId, userId: input.userId };
        },
      ),
  }),
);

const LeaveGroupPayload = builder.objectRef<{ groupId: string }>('LeaveGroupPayload').implement({
  fields: (t) => ({ groupId: t.exposeID('groupId') }),
});
const LeaveGroupResult = builder.unionType('LeaveGroupResult', {
  types: [LeaveGroupPayload, GroupNotFound, LastOwner],
  resolveType: resultType('LeaveGroupPayload'),
});
const LeaveGroupInput = builder.inputType('LeaveGroupInput', {
  fields: (t) => ({ groupId: t.id({ required: true }) }),
});

builder.mutationField('leaveGroup', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: LeaveGroupResult,
    description:
      'Be in a group no longer. You see nothing more that you saw through it; your own memories stay as they are shared. The ' +
      'only owner cannot leave.',
    args: { input: t.arg({ type: LeaveGroupInput, required: true }) },
    extensions: notes({ cost: 1, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.GroupNotFound, errors.LastOwner], async () => {
        await leaveGroup(services, viewer, input.groupId);
        return { groupId: input.groupId };
      }),
  }),
);
