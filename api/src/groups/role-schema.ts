import { builder } from '../schema/builder.ts';
import type { GroupRole as Role, InvitedRole } from './group-role.ts';

export const GroupRole = builder.enumType('GroupRole', {
  description: 'What somebody may do in a group.',
  values: {
    OWNER: {
      value: 'owner' satisfies Role,
      description: 'Everything. A group always has an owner; it may have several.',
    },
    MANAGER: {
      value: 'manager' satisfies Role,
      description: 'Changes name and description, invites members and shows members out.',
    },
    MEMBER: { value: 'member' satisfies Role, description: 'Sees the group and who is in it.' },
  } as const,
});

export const GroupInvitationRole = builder.enumType('GroupInvitationRole', {
  description: 'What somebody will be in a group. Owners are made of those who are in it.',
  values: {
    MANAGER: { value: 'manager' satisfies InvitedRole, description: 'Only owners invite managers.' },
    MEMBER: { value: 'member' satisfies InvitedRole },
  } as const,
});
