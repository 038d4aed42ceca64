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
