import { UserError } from './user-error.ts';

// What the database itself refuses, by rules that no use case can forget (`0008-admin.sql`).

export class NotAdministrator extends UserError {
  override readonly name = 'NotAdministrator';
  readonly code = 'FORBIDDEN';
  constructor() {
    super('This is for administrators of this server alone, and you are none. Ask one of them.');
  }
}

export class AccountSuspended extends UserError {
  override readonly name = 'AccountSuspended';
  readonly code = 'ACCOUNT_SUSPENDED';
  constructor() {
    super(
      'This account is suspended, so nothing was done. Nothing of it is lost; ask an administrator of this server to resume it.',
    );
  }
}

export class QuotaExceeded extends UserError {
  override readonly name = 'QuotaExceeded';
  readonly code = 'QUOTA_EXCEEDED';
  readonly quota: 'MEMORIES' | 'STORAGE';
  constructor(quota: 'MEMORIES' | 'STORAGE') {
    super(
      quota === 'MEMORIES'
        ? 'This account has as many memories as it may have, so this one was not kept. Delete some that are of no more use, ' +
            'or ask an administrator of this server for more.'
        : 'The texts of this account take as much room as they may, so this one was not kept. Texts count with their history, and ' +
            'in the trash for 30 days. Delete what is of no more use and wait, or ask an administrator of this server for more.',
    );
    this.quota = quota;
  }
}
