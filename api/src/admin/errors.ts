import { UserError } from '../user-error.ts';

export class UserNotFound extends UserError {
  override readonly name = 'UserNotFound';
  readonly code = 'USER_NOT_FOUND';
  readonly userId: string;
  constructor(userId: string) {
    super(
      `No account has the id ${userId}. It may have been deleted; administration.users lists those there are.`,
    );
    this.userId = userId;
  }
}

export class LastAdministrator extends UserError {
  override readonly name = 'LastAdministrator';
  readonly code = 'LAST_ADMINISTRATOR';
  constructor() {
    super(
      'This account is the only administrator of this server who is not suspended, and it needs one. Nothing was changed; ' +
        'make somebody else an administrator first.',
    );
  }
}

export class ClientNotFound extends UserError {
  override readonly name = 'ClientNotFound';
  readonly code = 'CLIENT_NOT_FOUND';
  readonly clientId: string;
  constructor(clientId: string) {
    super(`No app with the id ${clientId} is known here; administration.clients lists those that are.`);
    this.clientId = clientId;
  }
}

export class GroupNotFound extends UserError {
  override readonly name = 'GroupNotFound';
  readonly code = 'GROUP_NOT_FOUND';
  readonly groupId: string;
  constructor(groupId: string) {
    super(
      `There is no group ${groupId}. It may have been removed; administration.groups lists those there are.`,
    );
    this.groupId = groupId;
  }
}
