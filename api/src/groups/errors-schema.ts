import { builder } from '../schema/builder.ts';
import { UserError } from '../schema/user-error.ts';
import type {
  AlreadyMember as AlreadyMemberClass,
  GroupLimit as GroupLimitClass,
  GroupMemberNotFound as GroupMemberNotFoundClass,
  GroupNotFound as GroupNotFoundClass,
  GroupRoleRequired as GroupRoleRequiredClass,
  InvitationInvalid as InvitationInvalidClass,
  LastOwner as LastOwnerClass,
} from './errors.ts';
import { GroupRole } from './role-schema.ts';

export const GroupNotFound = builder.objectRef<GroupNotFoundClass>('GroupNotFound').implement({
  description: 'There is no such group that you are in.',
  interfaces: [UserError],
  fields: (t) => ({ groupId: t.exposeID('groupId') }),
});

export const GroupRoleRequired = builder.objectRef<GroupRoleRequiredClass>('GroupRoleRequired').implement({
  description: 'Your role in the group does not allow this.',
  interfaces: [UserError],
  fields: (t) => ({
    requiredRole: t.expose('requiredRole', { type: GroupRole, description: 'The least that does.' }),
  }),
});

export const GroupMemberNotFound = builder
  .objectRef<GroupMemberNotFoundClass>('GroupMemberNotFound')
  .implement({
    description: 'Nobody with this id is in the group.',
    interfaces: [UserError],
    fields: (t) => ({ userId: t.exposeID('userId') }),
  });

export const AlreadyMember = builder.objectRef<AlreadyMemberClass>('AlreadyMember').implement({
  description: 'They are in the group already.',
  interfaces: [UserError],
  fields: (t) => ({ groupId: t.exposeID('groupId'), userId: t.exposeID('userId') }),
});

export const InvitationInvalid = builder.objectRef<InvitationInvalidClass>('InvitationInvalid').implement({
  description: 'The invitation is unknown, used, declined, revoked or expired: which of them is not told.',
  interfaces: [UserError],
});

export const LastOwner = builder.objectRef<LastOwnerClass>('LastOwner').implement({
  description: 'The group would have no owner.',
  interfaces: [UserError],
});

export const GroupLimit = builder.objectRef<GroupLimitClass>('GroupLimit').implement({
  description: 'There are as many as there may be.',
  interfaces: [UserError],
  fields: (t) => ({ limit: t.exposeInt('limit') }),
});
