import { UserError } from '../user-error.ts';

export class ApiKeyNotFound extends UserError {
  override readonly name = 'ApiKeyNotFound';
  readonly code = 'API_KEY_NOT_FOUND';
  readonly apiKeyId: string;
  constructor(apiKeyId: string) {
    super(
      `You have no API key ${apiKeyId}. It may have been revoked already; viewer.apiKeys lists those you have.`,
    );
    this.apiKeyId = apiKeyId;
  }
}

export class HandleTaken extends UserError {
  override readonly name = 'HandleTaken';
  readonly code = 'HANDLE_TAKEN';
  readonly handle: string;
  constructor(handle: string) {
    super(`Another account has the handle ${handle}. Choose another one.`);
    this.handle = handle;
  }
}

export class HandleReserved extends UserError {
  override readonly name = 'HandleReserved';
  readonly code = 'HANDLE_RESERVED';
  readonly handle: string;
  constructor(handle: string) {
    super(`The handle ${handle} is reserved. Choose another.`);
    this.handle = handle;
  }
}

export class AccountNotFound extends UserError {
  override readonly name = 'AccountNotFound';
  readonly code = 'ACCOUNT_NOT_FOUND';
  readonly handle: string;
  constructor(handle: string) {
    super(`No account has the handle ${handle}. Check how it is written.`);
    this.handle = handle;
  }
}

export class PasskeyNotFound extends UserError {
  override readonly name = 'PasskeyNotFound';
  readonly code = 'PASSKEY_NOT_FOUND';
  readonly passkeyId: string;
  constructor(passkeyId: string) {
    super(
      `You have no passkey ${passkeyId}. It may have been deleted already; viewer.passkeys lists those you have.`,
    );
    this.passkeyId = passkeyId;
  }
}

export class PasskeyRefused extends UserError {
  override readonly name = 'PasskeyRefused';
  readonly code = 'PASSKEY_REFUSED';
  /** @param why reads on from "This passkey was not added: ". */
  constructor(why: string) {
    super(`This passkey was not added: ${why}.`);
  }
}

export class LastAdministrator extends UserError {
  override readonly name = 'LastAdministrator';
  readonly code = 'LAST_ADMINISTRATOR';
  constructor() {
    super('You are the only administrator of this server, and it needs one. Nothing was deleted.');
  }
}
