import { UserError } from '../user-error.ts';
import type { GroupRole } from './group-role.ts';

export class GroupNotFound extends UserError {
  override readonly name = 'GroupNotFound';
  readonly code = 'GROUP_NOT_FOUND';
  readonly groupId: string;
  constructor(groupId: string) {
    super(`You are in no group ${groupId}. viewer.groups lists those you are in.`);
    this.groupId = groupId;
  }
}

export class GroupRoleRequired extends UserError {
  override readonly name = 'GroupRoleRequired';
  readonly code = 'GROUP_ROLE_REQUIRED';
  readonly requiredRole: GroupRole;
  constructor(requiredRole: GroupRole, viewerRole: GroupRole) {
    super(
      `This takes the role of ${requiredRole} in the group, and yours is ${viewerRole}. Nothing was changed; ask an owner.`,
    );
    this.requiredRole = requiredRole;
  }
}

export class GroupMemberNotFound extends UserError {
  override readonly name = 'GroupMemberNotFound';
  readonly code = 'GROUP_MEMBER_NOT_FOUND';
  readonly userId: string;
  constructor(userId: string) {
    super(
      `Nobody in this group is the user ${userId}. They may have left; group.members lists who is in it.`,
    );
    this.userId = userId;
  }
}

export class AlreadyMember extends UserError {
  override readonly name = 'AlreadyMember';
  readonly code = 'ALREADY_MEMBER';
  readonly groupId: string;
  readonly userId: string;
  /** @param message which of the two ways of trying it was. */
  constructor(groupId: string, userId: string, message: string) {
    super(message);
    this.groupId = groupId;
    this.userId = userId;
  }
}

export class InvitationInvalid extends UserError {
  override readonly name = 'InvitationInvalid';
  readonly code = 'INVITATION_INVALID';
  constructor() {
    super(
      'This invitation is unknown, used, declined, revoked or expired; each is good once. Where you were invited, ask an owner ' +
        'or a manager of the group for another.',
    );
  }
}

export class LastOwner extends UserError {
  override readonly name = 'LastOwner';
  readonly code = 'LAST_OWNER';
  constructor() {
    super(
      'You are the only owner of this group, and it needs one. Make another the owner first (changeGroupRole), or delete the ' +
        'group (deleteGroup).',
    );
  }
}

export class GroupLimit extends UserError {
  override readonly name = 'GroupLimit';
  readonly code = 'GROUP_LIMIT';
  readonly limit: number;
  /** @param what reads on from "There may be at most 100 ", and says what to do next. */
  constructor(limit: number, what: string) {
    super(`There may be at most ${limit} ${what}`);
    this.limit = limit;
  }
}
