import { UserError } from '../user-error.ts';

export class GranteeNotFound extends UserError {
  override readonly name = 'GranteeNotFound';
  readonly code = 'GRANTEE_NOT_FOUND';
  /** As it was given. */
  readonly grantee: string;
  constructor(grantee: string) {
    super(
      `There is no person, and no group that you are in, by the name or id ${grantee}. Nothing was changed. Handles are spelled ` +
        'as their owners chose them; viewer.groups lists your groups.',
    );
    this.grantee = grantee;
  }
}

export class GrantNotFound extends UserError {
  override readonly name = 'GrantNotFound';
  readonly code = 'GRANT_NOT_FOUND';
  constructor() {
    super(
      'There is no such share that you could end: it has ended already, or somebody else made it. viewer.grants lists yours, ' +
        'and memory.access who sees a memory.',
    );
  }
}

export class NotPermitted extends UserError {
  override readonly name = 'NotPermitted';
  readonly code = 'NOT_PERMITTED';
  readonly memoryId: string;
  /** @param why reads on from "You may see the memory …, but ". */
  constructor(memoryId: string, why: string) {
    super(`You may see the memory ${memoryId}, but ${why}. Nothing was changed; its owner can do it.`);
    this.memoryId = memoryId;
  }
}

export class TooManyGrants extends UserError {
  override readonly name = 'TooManyGrants';
  readonly code = 'TOO_MANY_GRANTS';
  readonly limit: number;
  /** @param what reads on from "There may be at most 1000 ", and says what to do next. */
  constructor(limit: number, what: string) {
    super(`There may be at most ${limit} ${what}`);
    this.limit = limit;
  }
}
